package io.strata.union;

import io.strata.posix.ErrnoException;
import io.strata.posix.NameCalls;
import io.strata.posix.NativeBuffer;
import io.strata.posix.Posix;
import io.strata.posix.Stat;

/**
 * Generations of file handles: they tell a file from an earlier one that had its inode number.
 *
 * <p>A host file system keeps such a number itself, but gives it only piece by piece; the time of a
 * file's birth does as well, is the same in every mount, and comes with its other attributes. Where
 * there is no such time (ext4 with inodes of 128 bytes, xfs before version 5), the number is asked
 * for: FS_IOC_GETVERSION of linux/fs.h.
 */
final class Generations {
  private static final long FS_IOC_GETVERSION = 0x80087601L;

  private static final ThreadLocal<NativeBuffer> ANSWER =
      ThreadLocal.withInitial(() -> NativeBuffer.allocate(Long.BYTES));

  private Generations() {}

  /** A number made of the time of birth; 0 where the file system does not tell that. */
  static int of(Stat stat) {
    long mixed = (stat.birthSeconds * 1_000_000_000 + stat.birthNanos) * 0x9e3779b97f4a7c15L;
    return (int) (mixed >>> 32);
  }

  /** The same, or else the file system's own number; 0 where nobody tells either. */
  static int of(Place place, Stat stat) {
    int birth = of(stat);
    return birth != 0 || !(stat.isRegular() || stat.isDirectory()) ? birth : version(place);
  }

  private static int version(Place place) {
    Posix posix = place.posix();
    try {
      int fd = place.open(NameCalls.O_RDONLY);
      try {
        NativeBuffer answer = ANSWER.get();
        answer.bytes().putLong(0, 0);
        posix.files().ioctl(fd, FS_IOC_GETVERSION, answer.address());
        return answer.bytes().getInt(0); // the kernel copies an int, though it is declared as long
      } finally {
        posix.files().close(fd);
      }
    } catch (ErrnoException e) {
      return 0;
    }
  }
}
