package io.strata.squashfs;

import io.strata.posix.ErrnoException;
import io.strata.posix.FileCalls;
import io.strata.posix.NameCalls;
import io.strata.posix.NativeBuffer;
import io.strata.posix.Posix;
import io.strata.posix.Stat;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes of an image, by position. Thread-safe. After {@link #close} the descriptor lives until
 * the last read that is under way has ended, so that its number is not reused under a reader.
 */
final class ImageFile implements AutoCloseable {
  private static final long CLOSED = 1L << 62;
  private static final String ADVICE = "fetch or build the image again";

  private final FileCalls files;
  private final Path path;
  private final int fd;
  private final long offset;
  private final long size;
  private final AtomicLong readers = new AtomicLong();

  private ImageFile(FileCalls files, Path path, int fd, long offset, long size) {
    this.files = files;
    this.path = path;
    this.fd = fd;
    this.offset = offset;
    this.size = size;
  }

  /**
   * Opens the file or block device {@code path}, for an image that begins with its first byte.
   *
   * @throws IOException if it can't be opened, or is neither a file nor a block device
   */
  static ImageFile open(Posix posix, Path path) throws IOException {
    FileCalls files = posix.files();
    int fd = -1;
    try {
      int flags = NameCalls.O_RDONLY | NameCalls.O_NONBLOCK; // a FIFO must not block us
      fd = posix.names().open(NameCalls.AT_FDCWD, bytesOf(path), flags, 0);
      Stat stat = new Stat();
      files.stat(fd, stat);
      if (!stat.isRegular() && stat.type() != Stat.S_IFBLK) {
        throw new IOException(path + ": neither a file nor a block device; name an image");
      }
      long size = files.lseek(fd, 0, FileCalls.SEEK_END);
      ImageFile file = new ImageFile(files, path, fd, 0, size);
      fd = -1;
      return file;
    } catch (ErrnoException e) {
      throw new IOException(path + ": can't open the image: " + e.getMessage(), e);
    } finally {
      if (fd >= 0) {
        files.close(fd);
      }
    }
  }

  /**
   * The same file from {@code bytes} further on. Both have one descriptor: only one of them is to
   * be closed, and when nobody reads from the other.
   */
  ImageFile from(long bytes) {
    return new ImageFile(files, path, fd, offset + bytes, Math.max(size - bytes, 0));
  }

  private static byte[] bytesOf(Path path) {
    String encoding = System.getProperty("sun.jnu.encoding", "UTF-8");
    return path.toString().getBytes(Charset.forName(encoding));
  }

  Path path() {
    return path;
  }

  /** Where in the file the image begins, in bytes. */
  long offset() {
    return offset;
  }

  /** How many bytes the file has from the start of the image on. */
  long size() {
    return size;
  }

  /**
   * Reads {@code length} bytes from {@code position} to {@code targetOffset} of {@code target}.
   *
   * @throws CorruptImageException if the file ends before
   */
  void readFully(long position, int length, NativeBuffer target, int targetOffset)
      throws IOException {
    int done = readUpTo(position, length, target, targetOffset);
    if (done < length) {
      String problem = "the file ends after %d of %d bytes".formatted(done, length);
      throw corrupt("image", position + done, problem);
    }
  }

  /** As {@link #readFully}, but gives how many bytes there were before the end of the file. */
  int readUpTo(long position, int length, NativeBuffer target, int targetOffset)
      throws IOException {
    if (position < 0 || length < 0 || targetOffset < 0) {
      throw corrupt("image", position, "a read of " + length + " bytes");
    }
    if (length > target.capacity() - targetOffset) {
      throw new IndexOutOfBoundsException("a read of " + length + " bytes leaves its buffer");
    }
    enter();
    try {
      return read(position, length, target.address() + targetOffset);
    } catch (ErrnoException e) {
      String what =
          "%s: reading %d bytes at byte %d of the file: %s"
              .formatted(path, length, offset + position, e);
      throw new IOException(what, e);
    } finally {
      leave();
    }
  }

  private int read(long position, int length, long address) throws ErrnoException {
    int done = 0;
    while (done < length) {
      int got = files.pread(fd, address + done, length - done, offset + position + done);
      if (got == 0) {
        break;
      }
      done += got;
    }
    return done;
  }

  private void enter() throws IOException {
    if (readers.getAndIncrement() >= CLOSED) {
      leave();
      throw new IOException(path + ": the image is closed");
    }
  }

  private void leave() {
    if (readers.decrementAndGet() == CLOSED) {
      closeOnce();
    }
  }

  @Override
  public void close() {
    long before = readers.getAndUpdate(n -> n | CLOSED);
    if (before == 0) {
      closeOnce();
    }
  }

  private void closeOnce() {
    // Moves the count away from CLOSED, so that a later failed enter() closes nothing.
    if (readers.compareAndSet(CLOSED, CLOSED | (CLOSED >> 1))) {
      files.close(fd);
    }
  }

  /** That something in the image is damaged. */
  CorruptImageException corrupt(String structure, long position, String problem) {
    return new CorruptImageException(path, offset, structure, position, problem, ADVICE);
  }

  /** That this is no image for us. */
  CorruptImageException refused(long position, String problem, String advice) {
    return new CorruptImageException(path, offset, "superblock", position, problem, advice);
  }
}
