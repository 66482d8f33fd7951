package io.strata.cli;

import io.strata.serve.AccessLog;
import io.strata.serve.FileServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code strata serve}. */
@Command(
    name = "serve",
    description = {
      "Serves a directory over HTTP, such as a mirror, for a local network or a test; until SIGTERM"
          + " or SIGINT.",
      "Prints the address. Files whose names begin with a dot are not served, nor what symbolic"
          + " links outside of the directory lead to."
    })
final class ServeCommand implements Callable<Integer> {
  /** Where it listens unless told otherwise: nobody else can reach it there. */
  static final String LOCAL = "127.0.0.1";

  private static final int PORT = 8080;

  @Parameters(index = "0", paramLabel = "DIR", description = "The directory to serve.")
  private Path directory = Path.of(".");

  @Option(
      names = "--listen",
      paramLabel = "[ADDRESS:]PORT",
      converter = ListenAddress.class,
      description =
          "Where to listen; :PORT is all addresses of this machine, port 0 one that is free."
              + " Default: 127.0.0.1:8080.")
  private InetSocketAddress address = new InetSocketAddress(LOCAL, PORT);

  @Option(
      names = "--access-log",
      paramLabel = "FILE",
      description =
          "Append the access log, in the combined format of web servers, to this file. Default: to"
              + " stderr.")
  private @Nullable Path log;

  @Option(names = "--quiet", description = "Log nothing on stderr.")
  private boolean quiet;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    GivenPaths.refuseEmpty(directory, "DIR");
    if (!Files.isDirectory(directory)) {
      throw new CommandException(
          ExitCode.FILE, directory + ": there is no such directory; name the one to serve");
    }
    try (PrintWriter file = openLog();
        FileServer server = start(new AccessLog(line -> log(file, line)))) {
      PrintWriter out = spec.commandLine().getOut();
      out.println(server.uri());
      out.flush();
      awaitSignal(server);
    }
    return ExitCode.DONE.code();
  }

  private @Nullable PrintWriter openLog() throws IOException {
    return log == null
        ? null
        : new PrintWriter(
            Files.newBufferedWriter(
                log, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
  }

  private void log(@Nullable PrintWriter file, String line) {
    PrintWriter target = file != null ? file : spec.commandLine().getErr();
    if (file != null || !quiet) {
      target.println(line);
      target.flush();
    }
  }

  private FileServer start(AccessLog accesses) throws IOException, CommandException {
    try {
      return FileServer.start(directory, address, accesses);
    } catch (BindException e) {
      throw new CommandException(
          ExitCode.BUSY,
          address.getHostString()
              + ":"
              + address.getPort()
              + ": can't listen there: "
              + e.getMessage()
              + "; choose another with --listen",
          e);
    }
  }

  /** Waits; when the process is told to end, lets answers that are under way come to their end. */
  private static void awaitSignal(FileServer server) {
    CountDownLatch told = new CountDownLatch(1);
    Thread hook =
        new Thread(
            () -> {
              server.close();
              Runtime.getRuntime().halt(ExitCode.DONE.code()); // it was asked to end, and did
            },
            "end");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      told.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      Runtime.getRuntime().removeShutdownHook(hook);
    }
  }
}
