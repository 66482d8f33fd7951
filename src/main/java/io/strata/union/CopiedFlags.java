package io.strata.union;

import io.strata.posix.ErrnoException;
import io.strata.posix.FileCalls;
import io.strata.posix.NameCalls;
import io.strata.posix.NativeBuffer;
import io.strata.posix.Stat;
import java.nio.ByteBuffer;

/**
 * Gives a copy the flags A and S of chattr(1) that its lower file has: all that kernel overlayfs
 * copies, too. {@link Protection} is recorded, and the others say how a file is stored.
 *
 * <p>Source: {@code ovl_copy_fileattr} of fs/overlayfs/copy_up.c; linux/fs.h.
 */
final class CopiedFlags {
  private static final int FS_SYNC_FL = 0x8;
  private static final int FS_NOATIME_FL = 0x80;

  private static final ThreadLocal<NativeBuffer> FLAGS =
      ThreadLocal.withInitial(() -> NativeBuffer.allocate(Long.BYTES));

  private CopiedFlags() {}

  /** What the upper can't keep, or who is no root may not set, is nothing to fail for. */
  static void copy(Lower from, Place to) {
    if (from.type() != Stat.S_IFREG && !from.isDirectory()) {
      return;
    }
    try {
      int flags = of(to.posix().files(), from.openForFlags()) & (FS_SYNC_FL | FS_NOATIME_FL);
      if (flags != 0) {
        add(to.posix().files(), to.open(NameCalls.O_RDONLY), flags);
      }
    } catch (ErrnoException e) {
      return;
    }
  }

  /** The flags of what is open, which is closed; none of what could not be opened. */
  private static int of(FileCalls files, int fd) throws ErrnoException {
    if (fd < 0) {
      return 0;
    }
    try {
      return get(files, fd).getInt(0);
    } finally {
      files.close(fd);
    }
  }

  private static void add(FileCalls files, int fd, int flags) throws ErrnoException {
    try {
      ByteBuffer own = get(files, fd);
      own.putInt(0, own.getInt(0) | flags);
      files.ioctl(fd, InodeFlags.FS_IOC_SETFLAGS, FLAGS.get().address());
    } finally {
      files.close(fd);
    }
  }

  private static ByteBuffer get(FileCalls files, int fd) throws ErrnoException {
    files.ioctl(fd, Integer.toUnsignedLong(InodeFlags.FS_IOC_GETFLAGS), FLAGS.get().address());
    return FLAGS.get().bytes();
  }
}
