package io.strata.fuse;

/**
 * What a SETATTR wants changed. Mutable and reused; only what {@link #valid} names counts.
 *
 * <p>Source: {@code struct fuse_setattr_in} and the FATTR flags of linux/fuse.h.
 */
public final class AttributeChange {
  public static final int FATTR_MODE = 1;
  public static final int FATTR_UID = 1 << 1;
  public static final int FATTR_GID = 1 << 2;
  public static final int FATTR_SIZE = 1 << 3;
  public static final int FATTR_ATIME = 1 << 4;
  public static final int FATTR_MTIME = 1 << 5;
  public static final int FATTR_FH = 1 << 6;
  public static final int FATTR_ATIME_NOW = 1 << 7;
  public static final int FATTR_MTIME_NOW = 1 << 8;
  public static final int FATTR_LOCKOWNER = 1 << 9;
  public static final int FATTR_CTIME = 1 << 10;
  public static final int FATTR_KILL_SUIDGID = 1 << 11;

  /** Which fields count: {@code FATTR_...}. */
  public int valid;

  /** The handle by which the file is open, if FATTR_FH is set. */
  public long handle;

  public long size;
  public int mode;
  public int uid;
  public int gid;
  public long accessSeconds;
  public long modifySeconds;
  public long changeSeconds;
  public int accessNanos;
  public int modifyNanos;
  public int changeNanos;

  /** Whether {@code flag}, one of FATTR_..., is set. */
  public boolean has(int flag) {
    return (valid & flag) != 0;
  }
}
