package io.strata.cli;

import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The program: {@code strata VERB ...}. */
@Command(
    name = "strata",
    description = "Signed SquashFS snapshots: synced by deltas, mounted under a writable union.",
    synopsisSubcommandLabel = "VERB",
    versionProvider = Version.class,
    subcommands = {
      SyncCommand.class,
      MountCommand.class,
      UmountCommand.class,
      StatusCommand.class,
      RollbackCommand.class,
      GcCommand.class,
      ImageCommand.class,
      DeltaCommand.class,
      PublishCommand.class,
      ServeCommand.class,
    })
public final class Main implements Runnable {
  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Print the stack trace of a failure.")
  private boolean debug;

  @Option(
      names = "--help",
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help.")
  private boolean help;

  @Option(names = "--version", versionHelp = true, description = "Show the version.")
  private boolean version;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "a verb is missing");
  }

  /** Runs the verb that {@code arguments} name, and exits with the code of how it ended. */
  public static void main(String[] arguments) {
    int code;
    try (ServerAhead ahead = ServerAhead.of(List.of(arguments))) {
      code = execute(ahead, arguments);
    }
    System.exit(code);
  }

  /** Runs a verb within this process; gives the exit code. */
  static int execute(String... arguments) {
    return execute(ServerAhead.none(), arguments);
  }

  private static int execute(ServerAhead ahead, String... arguments) {
    if (arguments.length == 1 && arguments[0].equals("--version")) {
      System.out.println(Version.text()); // what scripts ask for needs no model of all verbs
      return ExitCode.DONE.code();
    }
    Main main = new Main();
    CommandLine line = new CommandLine(main, new Verbs(ahead));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExitCodeExceptionMapper(failure -> Failures.classify(failure).code());
    line.setParameterExceptionHandler(Main::usageError);
    line.setExecutionExceptionHandler((failure, command, _) -> main.report(failure, command));
    return line.execute(arguments);
  }

  private int report(Throwable failure, CommandLine command) {
    PrintWriter err = command.getErr();
    err.println("strata: " + Failures.describe(failure));
    if (debug) {
      failure.printStackTrace(err);
    }
    err.flush();
    return Failures.classify(failure).code();
  }

  private static int usageError(CommandLine.ParameterException error, String[] arguments) {
    CommandLine command = error.getCommandLine();
    PrintWriter err = command.getErr();
    String name = command.getCommandSpec().qualifiedName();
    err.println("strata: " + error.getMessage() + "; see '" + name + " --help'");
    err.flush();
    return ExitCode.USAGE.code();
  }
}
