package io.strata.fuse;

/** The answer to an open. Mutable and reused. */
public final class Opened {
  /** Bypass the page cache for this opening. */
  public static final int FOPEN_DIRECT_IO = 1;

  /** What the page cache holds of the file is still right. */
  public static final int FOPEN_KEEP_CACHE = 1 << 1;

  /** The file can't be sought in. */
  public static final int FOPEN_NONSEEKABLE = 1 << 2;

  /** The kernel may cache what a directory holds. */
  public static final int FOPEN_CACHE_DIR = 1 << 3;

  /** The file has no position at all. */
  public static final int FOPEN_STREAM = 1 << 4;

  /** No FLUSH when a descriptor is closed. */
  public static final int FOPEN_NOFLUSH = 1 << 5;

  /** Writers with O_DIRECT need not take turns. */
  public static final int FOPEN_PARALLEL_DIRECT_WRITES = 1 << 6;

  /** The handle that later calls bring back. */
  public long handle;

  /** {@code FOPEN_...}. */
  public int flags;

  /**
   * A descriptor of a backing file which the kernel may read and write by itself, or -1. The
   * transport uses it where it can (FUSE_PASSTHROUGH) and ignores it elsewhere; the file system
   * keeps it open until release.
   */
  public int backingDescriptor = -1;

  /** Back to nothing, before the next reply. */
  public void clear() {
    handle = 0;
    flags = 0;
    backingDescriptor = -1;
  }
}
