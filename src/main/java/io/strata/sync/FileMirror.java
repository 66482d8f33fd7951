package io.strata.sync;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.OptionalLong;

/** A mirror in a directory: a {@code file:} address. */
final class FileMirror implements Mirror {
  private final URI directory;
  private final Retries retries;

  FileMirror(URI directory, Retries retries) {
    this.directory = directory;
    this.retries = retries;
  }

  @Override
  public URI address(String fileName) {
    return Mirror.resolve(directory, fileName);
  }

  @Override
  public Body open(String fileName, Resume resume) throws MirrorException {
    RemoteFile about = look(fileName);
    Path file = path(fileName);
    boolean same = resume.from() > 0 && resume.validator().equals(about.validator());
    long from = same && resume.from() <= about.length().orElse(0) ? resume.from() : 0;
    try {
      InputStream stream = Files.newInputStream(file);
      try {
        stream.skipNBytes(from);
        return new Body(
            stream, from, about.length(), about.validator(), from > 0, Optional.empty());
      } catch (IOException e) {
        stream.close();
        throw e;
      }
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  @Override
  public boolean givesParts() {
    return true;
  }

  @Override
  public Body part(String fileName, long from, long count, long whole) throws MirrorException {
    OptionalLong length = look(fileName).length();
    Path file = path(fileName);
    if (!length.equals(OptionalLong.of(whole))) {
      throw new MirrorException(
          MirrorException.Kind.CHANGED, file + ": it does not have " + whole + " bytes", null);
    }
    try {
      FileChannel channel = FileChannel.open(file).position(from);
      InputStream stream = Channels.newInputStream(channel);
      return new Body(stream, from, length, Optional.empty(), true, Optional.empty());
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  @Override
  public RemoteFile look(String fileName) throws MirrorException {
    Path file = path(fileName);
    try {
      BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class);
      if (!is.isRegularFile()) {
        throw new MirrorException(
            MirrorException.Kind.REFUSED, file + ": it is no file; check sync-uri", null);
      }
      return new RemoteFile(
          OptionalLong.of(is.size()),
          false,
          Optional.of(is.size() + " " + is.lastModifiedTime() + " " + is.fileKey()),
          Optional.of(is.lastModifiedTime().toInstant()));
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  @Override
  public void distrustParts() {
    // What is asked for from the start is whole here.
  }

  @Override
  public Retries retries() {
    return retries;
  }

  private Path path(String fileName) throws MirrorException {
    try {
      URI local = new URI("file", null, directory.getPath(), null);
      return Path.of(local).resolve(fileName);
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw new MirrorException(
          MirrorException.Kind.REFUSED, directory + ": not a local path; check sync-uri", e);
    }
  }

  private static MirrorException failure(Path file, IOException e) {
    return e instanceof NoSuchFileException
        ? new MirrorException(
            MirrorException.Kind.MISSING, file + ": there is no such file on the mirror", e)
        : new MirrorException(
            MirrorException.Kind.REFUSED,
            file + ": cannot read it: " + e.getMessage() + "; check sync-uri",
            e);
  }
}
