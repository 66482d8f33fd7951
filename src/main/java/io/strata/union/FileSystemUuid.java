package io.strata.union;

import io.strata.posix.ErrnoException;
import io.strata.posix.NameCalls;
import io.strata.posix.NativeBuffer;
import io.strata.posix.Posix;
import org.jspecify.annotations.Nullable;

/**
 * The UUID of a file system, by which kernel overlayfs knows layers.
 *
 * <p>Source: FS_IOC_GETFSUUID and {@code struct fsuuid2} of linux/fs.h (Linux 6.9).
 */
final class FileSystemUuid {
  static final int SIZE = 16;

  private static final long FS_IOC_GETFSUUID = 0x80111500L;
  private static final byte[] DOT = {'.'};

  private FileSystemUuid() {}

  /** That of the file system which a directory is on; null where nobody tells. */
  static byte @Nullable [] of(Posix posix, int directory) {
    try {
      int fd = posix.names().open(directory, DOT, NameCalls.O_RDONLY | NameCalls.O_DIRECTORY, 0);
      try {
        return read(posix, fd);
      } finally {
        posix.files().close(fd);
      }
    } catch (ErrnoException e) {
      return null; // an older kernel, a file system without one, a directory that is not for us
    }
  }

  private static byte @Nullable [] read(Posix posix, int fd) throws ErrnoException {
    NativeBuffer answer = NativeBuffer.allocate(1 + SIZE); // u8 len, u8 uuid[16]
    posix.files().ioctl(fd, FS_IOC_GETFSUUID, answer.address());
    if (answer.bytes().get(0) != SIZE) {
      return null;
    }
    byte[] uuid = new byte[SIZE];
    answer.bytes().get(1, uuid);
    return uuid;
  }
}
