package io.strata.squashfs;

/**
 * A regular file.
 *
 * @param size bytes of the file
 * @param sparse how many of them are in holes, as the image says
 * @param fragment number of the fragment that holds the tail, or {@link #SQUASHFS_INVALID_FRAG}
 * @param fragmentOffset where the tail begins in it
 * @param blocks the data blocks before the tail
 */
public record FileInode(
    InodeHeader header,
    long size,
    long sparse,
    long linkCount,
    int xattrIndex,
    int fragment,
    long fragmentOffset,
    BlockList blocks)
    implements Inode {
  /** {@code SQUASHFS_INVALID_FRAG}: the file has no tail in a fragment. */
  public static final int SQUASHFS_INVALID_FRAG = -1;

  /** Whether the tail of the file lies in a fragment. */
  public boolean hasFragment() {
    return fragment != SQUASHFS_INVALID_FRAG;
  }

  /** The units of 512 bytes that its bytes take, without the holes. */
  public long allocatedUnits() {
    return (Math.max(size - sparse, 0) + 511) >>> 9;
  }
}
