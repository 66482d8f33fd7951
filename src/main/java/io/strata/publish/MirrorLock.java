package io.strata.publish;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.FileCalls;
import io.strata.posix.NameCalls;
import io.strata.posix.Posix;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/**
 * An exclusive {@code flock(2)} on a mirror directory; it ends with {@link #close}, or the process.
 */
final class MirrorLock implements AutoCloseable {
  private final FileCalls files;
  private final int descriptor;

  private MirrorLock(FileCalls files, int descriptor) {
    this.files = files;
    this.descriptor = descriptor;
  }

  /** Locks {@code directory}, and does not wait. */
  static MirrorLock take(Posix posix, Path directory) throws IOException, MirrorBusyException {
    try {
      int flags = NameCalls.O_RDONLY | NameCalls.O_DIRECTORY;
      byte[] name = PathBytes.of(directory);
      int descriptor = posix.names().open(NameCalls.AT_FDCWD, name, flags, 0);
      return lock(posix.files(), descriptor, directory);
    } catch (ErrnoException e) {
      throw new FileSystemException(directory.toString(), null, e.getMessage());
    }
  }

  private static MirrorLock lock(FileCalls files, int descriptor, Path directory)
      throws ErrnoException, MirrorBusyException {
    try {
      files.flock(descriptor, FileCalls.LOCK_EX | FileCalls.LOCK_NB);
      return new MirrorLock(files, descriptor);
    } catch (ErrnoException e) {
      files.close(descriptor);
      if (e.errno() == Errno.EAGAIN) {
        throw new MirrorBusyException(
            directory + ": another process publishes here; try again when it is done");
      }
      throw e;
    }
  }

  @Override
  public void close() {
    files.close(descriptor);
  }
}
