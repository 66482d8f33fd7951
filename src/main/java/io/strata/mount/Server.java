package io.strata.mount;

import io.strata.mount.MountException.Kind;
import io.strata.posix.ErrnoException;
import io.strata.posix.NameCalls;
import io.strata.posix.Posix;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.function.Consumer;

/**
 * The process that serves a mount. It gets the plan on its standard input, says {@code ready} or
 * {@code error} on its standard output (see {@link ServerStarter}), and has neither from then on.
 */
public final class Server {
  /** A log larger than this many bytes is put aside when a server starts. */
  private static final long LOG_SIZE = 1 << 20;

  private static final byte[] ROOT = {'/'};
  private static final int STDIN = 0;
  private static final int STDOUT = 1;
  private static final int STDERR = 2;

  private final Posix posix;
  private final Registry registry;
  private final Log log;

  private Server(Posix posix, Registry registry, Log log) {
    this.posix = posix;
    this.registry = registry;
    this.log = log;
  }

  /** Serves the plan that comes on the standard input. */
  public static void main(String[] arguments) {
    Posix posix = Posix.system(); // loaded while the command still checks
    try {
      String text = readPlan();
      if (text.isEmpty()) {
        return; // the command found a reason not to go on
      }
      posix.processes().setSession();
      posix.processes().changeDirectory(ROOT); // keeps no file system busy
      MountPlan plan = MountPlan.read(KeyedLines.parse(text));
      new Server(posix, Registry.ofThisUser(), Log.toStandardError()).background(plan);
    } catch (MountException e) {
      sayError(e);
    } catch (ErrnoException e) {
      sayError(new MountException(Kind.INTERNAL, "cannot leave the session: " + e.getMessage(), e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      sayError(new MountException(Kind.INTERNAL, "internal fault: " + e, e));
      throw e;
    }
    Runtime.getRuntime().halt(0); // whatever libraries have threads for, nothing is left to do
  }

  /**
   * Checks {@code plan} and serves it in this process until it is unmounted or a signal comes.
   *
   * @param notes hears, when the mount answers, of what was done besides
   */
  public static void foreground(MountPlan plan, Registry registry, Consumer<List<String>> notes)
      throws MountException, InterruptedException {
    MadeDirectories made = new MadeDirectories();
    try {
      List<String> said = ServerStarter.check(plan, registry, made);
      Server server = new Server(Posix.system(), registry, Log.toStandardError());
      server.serve(plan, () -> notes.accept(said));
    } catch (MountException e) {
      made.removeAll();
      throw e;
    }
  }

  private static String readPlan() {
    try (InputStream in = new FileInputStream(FileDescriptor.in)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  private void background(MountPlan plan) throws MountException, InterruptedException {
    serve(plan, () -> leaveTerminal(plan));
  }

  private void serve(MountPlan plan, Runnable ready) throws MountException, InterruptedException {
    MountServer server = new MountServer(posix, registry, plan, log);
    ControlServer control = ControlServer.listen(registry.socketOf(server.pid()), server, log);
    try {
      server.start();
      Thread hook = new Thread(() -> endBySignal(server), "signal");
      Runtime.getRuntime().addShutdownHook(hook);
      control.serve();
      report(server, plan, ready);
      server.endWhenUnused();
      server.awaitEnd();
      removeHook(hook);
    } finally {
      control.close();
      registry.remove(server.pid());
    }
  }

  private void report(MountServer server, MountPlan plan, Runnable ready) {
    try {
      ready.run();
    } catch (RuntimeException e) {
      server.end(); // nobody learned of the mount
      throw e;
    }
    log.line("serving " + server.served() + " at " + plan.mountPoint() + ", pid " + server.pid());
  }

  private void endBySignal(MountServer server) {
    log.line("ending on a signal");
    server.end();
    try {
      registry.remove(server.pid());
    } catch (MountException e) {
      log.line(String.valueOf(e.getMessage()));
    }
    Runtime.getRuntime().halt(0);
  }

  private static void removeHook(Thread hook) throws InterruptedException {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      hook.join(); // it is what ended the mount
    }
  }

  // From here on the shell that started it may go: nothing of its terminal is held.
  private void leaveTerminal(MountPlan plan) {
    try {
      replace(STDIN, Path.of("/dev/null"), NameCalls.O_RDONLY);
      replace(
          STDERR, rotated(plan.log()), NameCalls.O_WRONLY | NameCalls.O_CREAT | NameCalls.O_APPEND);
      sayReady();
      replace(STDOUT, Path.of("/dev/null"), NameCalls.O_WRONLY);
    } catch (ErrnoException | IOException e) {
      throw new IllegalStateException("cannot go to the background: " + e.getMessage(), e);
    }
  }

  private void replace(int descriptor, Path file, int flags) throws ErrnoException {
    byte[] name = file.toString().getBytes(MountTable.fileNameCharset());
    int opened = posix.names().open(NameCalls.AT_FDCWD, name, flags, 0600);
    posix.files().duplicate(opened, descriptor);
    posix.files().close(opened);
  }

  private static Path rotated(Path log) throws IOException {
    if (Files.exists(log) && Files.size(log) > LOG_SIZE) {
      Path old = log.resolveSibling(log.getFileName() + ".1");
      Files.move(log, old, StandardCopyOption.REPLACE_EXISTING);
    }
    return log;
  }

  private static void sayReady() throws IOException {
    say(new KeyedLines().put("ready", ""));
  }

  private static void sayError(MountException e) {
    String message = String.valueOf(e.getMessage());
    try {
      say(new KeyedLines().put("error", e.kind().name()).put("message", message));
    } catch (IOException gone) {
      return; // the command does not listen any more
    }
  }

  // The stream is not closed: its number would be given to the next file that is opened.
  @SuppressWarnings("resource")
  private static void say(KeyedLines lines) throws IOException {
    OutputStream out = new FileOutputStream(FileDescriptor.out);
    out.write(lines.toString().getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
