package io.strata.publish;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Where files are made: a directory of its own for each run, inside the mirror directory. Only who
 * holds the mirror's lock may use it. What is left in it is deleted at the end, and what a killed
 * process left at the start; programs of that one which still run know another directory.
 */
final class Staging implements AutoCloseable {
  /** Its name in the mirror directory. */
  static final String NAME = ".publishing";

  private final Path mirror;
  private final Path all;
  private final Path files;
  private final Path work;
  private final List<Path> placed = new ArrayList<>();

  private Staging(Path mirror, Path all, Path run) throws IOException {
    this.mirror = mirror;
    this.all = all;
    this.files = Files.createDirectory(run.resolve("files"));
    this.work = Files.createDirectory(run.resolve("work"));
  }

  /** An empty one. */
  static Staging open(Path mirror) throws IOException {
    Path all = mirror.toRealPath().resolve(NAME);
    Durable.delete(all);
    Files.createDirectory(all);
    return new Staging(mirror, all, Files.createTempDirectory(all, ""));
  }

  /** What is to be published, under the names that it will have. */
  Path files() {
    return files;
  }

  /** Where to make the file that will be called {@code name}. */
  Path file(String name) {
    return files.resolve(name);
  }

  /** Where to make a file that is needed on the way only. */
  Path work(String name) {
    return work.resolve(name);
  }

  /** Puts staged files in their places; they are on disk then. */
  void place(Iterable<String> names) throws IOException {
    for (String name : names) {
      Durable.sync(file(name));
      Files.move(file(name), mirror.resolve(name), StandardCopyOption.ATOMIC_MOVE);
      placed.add(mirror.resolve(name));
    }
    syncMirror();
  }

  /** Takes back what {@link #place} did: no index names it. */
  void takeBack() throws IOException {
    for (Path file : placed) {
      Files.deleteIfExists(file);
    }
  }

  /** Makes a file for {@link #replace}, which is on disk then. */
  void write(String name, byte[] content) throws IOException {
    Files.write(work(name), content);
    Durable.sync(work(name));
  }

  /** Replaces a file of the mirror by the one that was written for it. */
  void replace(String name) throws IOException {
    Files.move(work(name), mirror.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Has the names in the mirror directory written out. */
  void syncMirror() throws IOException {
    Durable.sync(mirror);
  }

  @Override
  public void close() throws IOException {
    Durable.delete(all);
  }
}
