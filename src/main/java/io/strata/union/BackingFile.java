package io.strata.union;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.NativeBuffer;
import io.strata.posix.Posix;

/** Whole reads and writes where the system may do half of them. */
final class BackingFile {
  private BackingFile() {}

  /** Reads until {@code size} bytes are there or the file ends. */
  static int read(Posix posix, int fd, long offset, int size, NativeBuffer target, int at)
      throws ErrnoException {
    int done = 0;
    while (done < size) {
      int read = posix.files().pread(fd, target.address() + at + done, size - done, offset + done);
      if (read == 0) {
        break;
      }
      done += read;
    }
    return done;
  }

  /** Writes all; an error after the first bytes gives how many were written. */
  static int write(Posix posix, int fd, long offset, int size, NativeBuffer source, int at)
      throws ErrnoException {
    int done = 0;
    while (done < size) {
      try {
        int left = size - done;
        done += posix.files().pwrite(fd, source.address() + at + done, left, offset + done);
      } catch (ErrnoException e) {
        if (e.errno() != Errno.EINTR && done == 0) {
          throw e;
        }
        if (e.errno() != Errno.EINTR) {
          return done;
        }
      }
    }
    return done;
  }
}
