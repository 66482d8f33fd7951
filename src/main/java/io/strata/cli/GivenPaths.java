package io.strata.cli;

import java.nio.file.Files;
import java.nio.file.Path;

/** Paths that can't be what was meant. */
final class GivenPaths {
  private GivenPaths() {}

  /**
   * Fails for a path of no characters, which scripts give whose variables are not set: Java takes
   * it for the working directory.
   */
  static void refuseEmpty(Path path, String label) throws CommandException {
    if (path.toString().isEmpty()) {
      throw new CommandException(
          ExitCode.USAGE, label + ": the name is empty; for the working directory write '.'");
    }
  }

  /** Fails for a directory where a file is wanted: reading one fails without its name. */
  static void refuseDirectory(Path path, String wanted) throws CommandException {
    if (Files.isDirectory(path)) {
      throw new CommandException(ExitCode.FILE, path + ": a directory; name " + wanted);
    }
  }
}
