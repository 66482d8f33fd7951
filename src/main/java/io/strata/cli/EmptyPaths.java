package io.strata.cli;

import java.nio.file.Path;

/** Paths of no characters, which scripts give whose variables are not set. */
final class EmptyPaths {
  private EmptyPaths() {}

  /** Fails for one: Java takes it for the working directory, and hardly anybody means that. */
  static void refuse(Path path, String label) throws CommandException {
    if (path.toString().isEmpty()) {
      throw new CommandException(
          ExitCode.USAGE, label + ": the name is empty; for the working directory write '.'");
    }
  }
}
