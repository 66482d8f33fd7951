package io.strata.fuse.kernel;

/**
 * What the two sides of INIT can offer and take: the flags of linux/fuse.h, those of flags2 in the
 * upper half.
 */
final class InitFlags {
  static final long FUSE_ASYNC_READ = 1L << 0;
  static final long FUSE_POSIX_LOCKS = 1L << 1;
  static final long FUSE_ATOMIC_O_TRUNC = 1L << 3;
  static final long FUSE_EXPORT_SUPPORT = 1L << 4;
  static final long FUSE_BIG_WRITES = 1L << 5;
  static final long FUSE_DONT_MASK = 1L << 6;
  static final long FUSE_FLOCK_LOCKS = 1L << 10;
  static final long FUSE_AUTO_INVAL_DATA = 1L << 12;
  static final long FUSE_DO_READDIRPLUS = 1L << 13;
  static final long FUSE_READDIRPLUS_AUTO = 1L << 14;
  static final long FUSE_ASYNC_DIO = 1L << 15;
  static final long FUSE_WRITEBACK_CACHE = 1L << 16;
  static final long FUSE_NO_OPEN_SUPPORT = 1L << 17;
  static final long FUSE_PARALLEL_DIROPS = 1L << 18;
  static final long FUSE_POSIX_ACL = 1L << 20;
  static final long FUSE_MAX_PAGES = 1L << 22;
  static final long FUSE_CACHE_SYMLINKS = 1L << 23;
  static final long FUSE_NO_OPENDIR_SUPPORT = 1L << 24;
  static final long FUSE_EXPLICIT_INVAL_DATA = 1L << 25;
  static final long FUSE_HANDLE_KILLPRIV_V2 = 1L << 28;
  static final long FUSE_SETXATTR_EXT = 1L << 29;
  static final long FUSE_INIT_EXT = 1L << 30;
  static final long FUSE_DIRECT_IO_ALLOW_MMAP = 1L << 36;
  static final long FUSE_PASSTHROUGH = 1L << 37;
  static final long FUSE_OVER_IO_URING = 1L << 41;

  private InitFlags() {}
}
