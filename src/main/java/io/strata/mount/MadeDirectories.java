package io.strata.mount;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The directories that were made for a mount, to be taken away again if it fails. */
final class MadeDirectories {
  private final List<Path> made = new ArrayList<>();

  /** Makes a directory, and those above it that are missing. */
  void make(Path directory) throws IOException {
    Path parent = Directories.parentOf(directory);
    if (!Files.exists(parent)) {
      make(parent);
    }
    Files.createDirectory(directory);
    made.add(directory);
  }

  /** Removes them, last made first, as far as nobody has put anything in. */
  void removeAll() {
    for (Path directory : made.reversed()) {
      try {
        Files.deleteIfExists(directory);
      } catch (IOException e) {
        return; // somebody uses it by now
      }
    }
    made.clear();
  }
}
