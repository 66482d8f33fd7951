package io.strata.squashfs;

import io.strata.posix.Stat;

/** The types of inodes, with the names that squashfs_fs.h has for them, and their mode bits. */
final class InodeType {
  static final int SQUASHFS_DIR_TYPE = 1;
  static final int SQUASHFS_REG_TYPE = 2;
  static final int SQUASHFS_SYMLINK_TYPE = 3;
  static final int SQUASHFS_BLKDEV_TYPE = 4;
  static final int SQUASHFS_CHRDEV_TYPE = 5;
  static final int SQUASHFS_FIFO_TYPE = 6;
  static final int SQUASHFS_SOCKET_TYPE = 7;
  static final int SQUASHFS_LDIR_TYPE = 8;
  static final int SQUASHFS_LREG_TYPE = 9;
  static final int SQUASHFS_LSYMLINK_TYPE = 10;
  static final int SQUASHFS_LBLKDEV_TYPE = 11;
  static final int SQUASHFS_LCHRDEV_TYPE = 12;
  static final int SQUASHFS_LFIFO_TYPE = 13;
  static final int SQUASHFS_LSOCKET_TYPE = 14;

  private static final int[] MODE = {
    0,
    Stat.S_IFDIR,
    Stat.S_IFREG,
    Stat.S_IFLNK,
    Stat.S_IFBLK,
    Stat.S_IFCHR,
    Stat.S_IFIFO,
    Stat.S_IFSOCK
  };

  private InodeType() {}

  static boolean isKnown(int type) {
    return type >= SQUASHFS_DIR_TYPE && type <= SQUASHFS_LSOCKET_TYPE;
  }

  /** Whether a directory entry may have it: these are always of the basic types. */
  static boolean isBasic(int type) {
    return type >= SQUASHFS_DIR_TYPE && type <= SQUASHFS_SOCKET_TYPE;
  }

  /** The {@code S_IF...} bits of a known type. */
  static int modeOf(int type) {
    return MODE[isBasic(type) ? type : type - SQUASHFS_SOCKET_TYPE];
  }
}
