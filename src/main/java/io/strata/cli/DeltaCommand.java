package io.strata.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code strata delta}. */
@Command(
    name = "delta",
    description = "Makes, looks at and applies a delta by hand.",
    synopsisSubcommandLabel = "VERB",
    subcommands = {
      DeltaInfoCommand.class,
      DeltaMakeCommand.class,
      DeltaApplyCommand.class,
    })
final class DeltaCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "a verb is missing: info, make or apply");
  }
}
