package io.strata.fuse.libfuse;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;

/** How long the arguments of ioctl(2) are, as linux/fs.h and fs/fuse/ioctl.c of the kernel say. */
final class IoctlArgument {
  private static final int FS_IOC_GETFLAGS = 0x80086601;
  private static final int FS_IOC_SETFLAGS = 0x40086602;
  private static final int FS_IOC_FSGETXATTR = 0x801c581f;
  private static final int FS_IOC_FSSETXATTR = 0x401c5820;

  private IoctlArgument() {}

  /** The size in bytes, a multiple of 4; ENOTTY for a command that is not known here. */
  static int size(int command) throws ErrnoException {
    return switch (command) {
      case FS_IOC_GETFLAGS, FS_IOC_SETFLAGS -> Integer.BYTES; // though they are declared with long
      case FS_IOC_FSGETXATTR, FS_IOC_FSSETXATTR -> 28; // struct fsxattr
      default -> throw ErrnoException.of(Errno.ENOTTY);
    };
  }
}
