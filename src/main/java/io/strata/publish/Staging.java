package io.strata.publish;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Where files are made: a directory inside the mirror directory. Only who holds the mirror's lock
 * may use it. What is left in it is deleted at the end, and what a killed process left at the
 * start.
 */
final class Staging implements AutoCloseable {
  /** Its name in the mirror directory. */
  static final String NAME = ".publishing";

  private final Path mirror;
  private final Path directory;

  private Staging(Path mirror, Path directory) {
    this.mirror = mirror;
    this.directory = directory;
  }

  /** An empty one. */
  static Staging open(Path mirror) throws IOException {
    Path directory = mirror.resolve(NAME);
    delete(directory);
    return new Staging(mirror, Files.createDirectory(directory));
  }

  /** Where to make the file that will be called {@code name}. */
  Path file(String name) {
    return directory.resolve(name);
  }

  /** Has the staged file written out, and then gives it its name, replacing what had it. */
  void publish(String name) throws IOException {
    sync(file(name), StandardOpenOption.WRITE);
    Files.move(
        file(name),
        mirror.resolve(name),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    sync(mirror, StandardOpenOption.READ);
  }

  private static void sync(Path path, StandardOpenOption mode) throws IOException {
    try (FileChannel channel = FileChannel.open(path, mode)) {
      channel.force(true);
    }
  }

  @Override
  public void close() throws IOException {
    delete(directory);
  }

  private static void delete(Path directory) throws IOException {
    if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
        for (Path file : files) {
          Files.delete(file);
        }
      }
    }
    Files.deleteIfExists(directory);
  }
}
