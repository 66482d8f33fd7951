package io.strata.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code strata image}. */
@Command(
    name = "image",
    description = "Looks into an image without mounting it.",
    synopsisSubcommandLabel = "VERB",
    subcommands = {
      ImageInfoCommand.class,
      ImageLsCommand.class,
      ImageCatCommand.class,
      ImageExtractCommand.class,
      ImageVerifyCommand.class,
    })
final class ImageCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "a verb is missing: info, ls, cat, extract or verify");
  }
}
