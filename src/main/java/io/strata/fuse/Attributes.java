package io.strata.fuse;

/**
 * The attributes of a node, filled in by the file system for one reply. Mutable and reused.
 *
 * <p>Times are seconds since 1970 (may be negative) and nanoseconds from 0 to 999,999,999. Sizes
 * are bytes, {@link #blocks} units of 512 bytes. {@link #device} is as {@code Stat.makeDevice} of
 * posix makes it.
 */
public final class Attributes {
  /** A lifetime as good as infinite, in nanoseconds: for what changes only through the mount. */
  public static final long FOREVER = Long.MAX_VALUE;

  public long inode;
  public long size;
  public long blocks;
  public long accessSeconds;
  public long modifySeconds;
  public long changeSeconds;
  public int accessNanos;
  public int modifyNanos;
  public int changeNanos;

  /** When the file was made, where that is known, which {@link #born} says. */
  public long birthSeconds;

  public int birthNanos;
  public boolean born;

  /** Type and permission bits as in {@code st_mode}. */
  public int mode;

  public int linkCount;
  public int uid;
  public int gid;
  public long device;
  public int blockSize;

  /** How long the kernel may keep these attributes, in nanoseconds; see {@link #FOREVER}. */
  public long lifetime;

  /** Back to zero, before the next reply. */
  public void clear() {
    inode = size = blocks = device = lifetime = 0;
    accessSeconds = modifySeconds = changeSeconds = 0;
    accessNanos = modifyNanos = changeNanos = 0;
    birthSeconds = birthNanos = 0;
    born = false;
    mode = linkCount = uid = gid = blockSize = 0;
  }
}
