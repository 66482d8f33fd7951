package io.strata.cli;

import picocli.CommandLine.Option;

/** How a command shows how far it has come. */
final class ProgressOption {
  @Option(
      names = "--progress",
      paramLabel = "auto|plain|none",
      description = "A bar where stderr is a terminal (auto), a line for each step, or nothing.")
  private Progress.Mode mode = Progress.Mode.AUTO;

  /** Begins to show it. */
  Progress start() {
    return Progress.onStandardError(mode);
  }
}
