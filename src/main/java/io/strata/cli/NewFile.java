package io.strata.cli;

import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Keeps a command from replacing a file that is there, unless it has {@code --force}. */
final class NewFile {
  @Option(names = "--force", description = "Replace OUT if it is there.")
  private boolean force;

  /** Lets a name pass that nothing has, or anything may. */
  void check(Path out) throws FileAlreadyExistsException {
    if (!force && Files.exists(out, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(out.toString(), null, "name another, or give --force");
    }
  }
}
