package io.strata.sync;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.OptionalLong;

/** A mirror in a directory: a {@code file:} address. */
final class FileMirror implements Mirror {
  private final URI directory;

  FileMirror(URI directory) {
    this.directory = directory;
  }

  @Override
  public URI address(String fileName) {
    return Mirror.resolve(directory, fileName);
  }

  @Override
  public Body open(String fileName) throws SyncException {
    Path file = path(fileName);
    try {
      return new Body(Files.newInputStream(file), OptionalLong.of(Files.size(file)));
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  @Override
  public OptionalLong length(String fileName) throws SyncException {
    Path file = path(fileName);
    try {
      return OptionalLong.of(Files.size(file));
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  private Path path(String fileName) throws SyncException {
    try {
      URI local = new URI("file", null, directory.getPath(), null);
      return Path.of(local).resolve(fileName);
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw new SyncException(Failure.DOWNLOAD, directory + ": not a local path", e);
    }
  }

  private static SyncException failure(Path file, IOException e) {
    String what =
        e instanceof NoSuchFileException
            ? "there is no such file on the mirror; check sync-uri"
            : "cannot read it: " + e.getMessage();
    return new SyncException(Failure.DOWNLOAD, file + ": " + what, e);
  }
}
