package io.strata.delta;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A file that is being made beside the place where it will be: {@code .NAME.XXXXXXXX.part}, with
 * eight hexadecimal digits. Whoever finds such a file that no process writes may delete it.
 *
 * <p>{@link #commit} gives it its name; {@link #close} deletes it unless that happened.
 */
public final class StagedImage implements AutoCloseable {
  /** A write is at most so long: the JDK copies each to memory outside the heap, and keeps that. */
  private static final int MOST_AT_ONCE = 1 << 20;

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

  /**
   * The same, for a file of which it is known how long it will be.
   *
   * @param length in bytes
   * @throws NoRoomException if the file system has not so much left; nothing is made then
   */
  public static StagedImage create(Path target, long length) throws IOException {
    Path directory = target.toAbsolutePath().getParent();
    long room = Files.getFileStore(directory == null ? target : directory).getUsableSpace();
    if (length > room) {
      throw new NoRoomException(
          target, length, "no space left on device: needs " + length + " bytes, there are " + room);
    }
    StagedImage image = create(target);
    image.length = length;
    return image;
  }

  /** Where it is now, to be verified. */
  public Path path() {
    return path;
  }

  /** How long it is when it is whole, in bytes. */
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

  /** Writes {@code count} bytes to the end. */
  public void append(byte[] bytes, int count) throws IOException {
    long end = length;
    length += count;
    write(bytes, 0, count, end);
  }

  /** Writes {@code count} bytes, from index {@code from} on, to {@code offset}; for any thread. */
  void write(byte[] bytes, int from, int count, long offset) throws IOException {
    for (int done = 0; done < count; done += MOST_AT_ONCE) {
      int n = Math.min(count - done, MOST_AT_ONCE);
      write(ByteBuffer.wrap(bytes, from + done, n), offset + done);
    }
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

  /** Reads {@code count} bytes that were written, to the start of {@code into}. */
  void read(long offset, byte[] into, int count) throws IOException {
    BlockFile.readFully(channel, offset, ByteBuffer.wrap(into, 0, count));
  }

  /** With the name of the file, which exceptions of a channel lack. */
  private FileSystemException named(IOException e) {
    String message = String.valueOf(e.getMessage());
    boolean full = message.toLowerCase(Locale.ROOT).contains("no space left");
    FileSystemException named =
        full
            ? new NoRoomException(path, length, message)
            : new FileSystemException(path.toString(), null, e.getMessage());
    named.initCause(e);
    return named;
  }
}
