package io.strata.mount;

import io.strata.mount.MountException.Kind;
import io.strata.posix.ErrnoException;
import io.strata.posix.FileCalls;
import io.strata.posix.NameCalls;
import io.strata.posix.Posix;
import java.nio.file.Path;

/** Keeps two servers of a user from mounting at the same time: a flock in the registry. */
final class RegistryLock implements AutoCloseable {
  private final FileCalls files;
  private final int descriptor;

  private RegistryLock(FileCalls files, int descriptor) {
    this.files = files;
    this.descriptor = descriptor;
  }

  /** Waits for the lock. */
  static RegistryLock take(Posix posix, Registry registry) throws MountException {
    Path file = Directories.makePrivate(registry.directory()).resolve("lock");
    try {
      byte[] name = file.toString().getBytes(MountTable.fileNameCharset());
      int flags = NameCalls.O_RDONLY | NameCalls.O_CREAT | NameCalls.O_NOFOLLOW;
      int descriptor = posix.names().open(NameCalls.AT_FDCWD, name, flags, 0600);
      RegistryLock lock = new RegistryLock(posix.files(), descriptor);
      posix.files().flock(descriptor, FileCalls.LOCK_EX);
      return lock;
    } catch (ErrnoException e) {
      throw new MountException(
          Kind.FILE, file + ": cannot lock the registry: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    files.close(descriptor);
  }
}
