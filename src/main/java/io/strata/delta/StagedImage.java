package io.strata.delta;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A file that is being made beside the place where it will be: {@code .NAME.XXXXXXXX.part}, with
 * eight hexadecimal digits. Whoever finds such a file that no process writes may delete it.
 *
 * <p>{@link #commit} gives it its name; {@link #close} deletes it unless that happened.
 */
public final class StagedImage implements AutoCloseable, VcdiffDecoder.Output {
  private final Path target;
  private final Path path;
  private final FileChannel channel;
  private long length;
  private boolean committed;

  private StagedImage(Path target, Path path, FileChannel channel) {
    this.target = target;
    this.path = path;
    this.channel = channel;
  }

  /** An empty file beside {@code target}. */
  public static StagedImage create(Path target) throws IOException {
    Path name = target.toAbsolutePath().getFileName();
    if (name == null) {
      throw new FileSystemException(target.toString(), null, "is no name for a file");
    }
    String part = ".%s.%08x.part".formatted(name, ThreadLocalRandom.current().nextInt());
    Path path = target.toAbsolutePath().resolveSibling(part);
    FileChannel channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    return new StagedImage(target, path, channel);
  }

  /** Where it is now, to be verified. */
  public Path path() {
    return path;
  }

  /** How long it is, in bytes. */
  @Override
  public long length() {
    return length;
  }

  /**
   * Makes it durable and gives it its name, replacing what had it.
   *
   * <p>It is on disk under its name, or not there at all, whenever the power fails.
   */
  public void commit() throws IOException {
    channel.force(true);
    Files.move(path, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    committed = true;
    Path directory = target.toAbsolutePath().getParent();
    if (directory != null) {
      try (FileChannel handle = FileChannel.open(directory, StandardOpenOption.READ)) {
        handle.force(true);
      }
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
    if (!committed) {
      Files.deleteIfExists(path);
    }
  }

  /** For reading what was written so far. */
  public FileChannel channel() {
    return channel;
  }

  @Override
  public void append(byte[] bytes, int count) throws IOException {
    write(ByteBuffer.wrap(bytes, 0, count), length);
    length += count;
  }

  /** Writes all that remains of {@code bytes} to {@code offset}; for any thread. */
  public void write(ByteBuffer bytes, long offset) throws IOException {
    long at = offset;
    try {
      while (bytes.hasRemaining()) {
        at += channel.write(bytes, at);
      }
    } catch (IOException e) {
      throw named(e);
    }
  }

  /** Cuts it to this length in bytes. */
  public void truncate(long newLength) throws IOException {
    channel.truncate(newLength);
    length = newLength;
  }

  @Override
  public void read(long offset, byte[] into, int at, int count) throws IOException {
    BlockFile.readFully(channel, offset, ByteBuffer.wrap(into, at, count));
  }

  /** With the name of the file, which exceptions of a channel lack. */
  private FileSystemException named(IOException e) {
    FileSystemException named = new FileSystemException(path.toString(), null, e.getMessage());
    named.initCause(e);
    return named;
  }
}
