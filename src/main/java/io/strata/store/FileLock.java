package io.strata.store;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.FileCalls;
import io.strata.posix.NameCalls;
import io.strata.posix.Posix;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An open file with a {@code flock(2)} on it; closing it, or the end of the process, gives the lock
 * up. The JDK's own locks are of the fcntl kind, which any other close of the file drops.
 */
final class FileLock implements AutoCloseable {
  /** Who may open a file can lock it: a lock file is not for everybody. */
  private static final int OWNER_ONLY = 0600;

  private final FileCalls files;
  private final int descriptor;
  private final AtomicBoolean open = new AtomicBoolean(true);

  private FileLock(FileCalls files, int descriptor) {
    this.files = files;
    this.descriptor = descriptor;
  }

  /** Opens {@code file} for reading, without a lock yet. */
  static FileLock open(Posix posix, Path file, int extraFlags) throws ErrnoException {
    byte[] name = file.toString().getBytes(fileNameCharset());
    int flags = NameCalls.O_RDONLY | NameCalls.O_NONBLOCK | extraFlags;
    int fd = posix.names().open(NameCalls.AT_FDCWD, name, flags, OWNER_ONLY);
    return new FileLock(posix.files(), fd);
  }

  /** Locks without waiting; false if another holds it in a way that excludes this. */
  boolean tryLock(int kind) throws ErrnoException {
    try {
      lock(kind | FileCalls.LOCK_NB);
      return true;
    } catch (ErrnoException e) {
      if (e.errno() == Errno.EAGAIN) {
        return false;
      }
      throw e;
    }
  }

  /** Locks, and waits for whoever holds it now. */
  void lock(int kind) throws ErrnoException {
    boolean done = false;
    while (!done) {
      try {
        files.flock(descriptor, kind);
        done = true;
      } catch (ErrnoException e) {
        if (e.errno() != Errno.EINTR) {
          throw e;
        }
      }
    }
  }

  int descriptor() {
    return descriptor;
  }

  @Override
  public void close() {
    if (open.getAndSet(false)) {
      files.close(descriptor);
    }
  }

  private static Charset fileNameCharset() {
    return Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
  }
}
