package io.strata.fuse;

/** The numbers of the whole file system, for statfs(2). Mutable and reused. */
public final class StatFs {
  /** All blocks, in units of {@link #fragmentSize}. */
  public long blocks;

  public long freeBlocks;

  /** Free for ordinary users. */
  public long availableBlocks;

  public long files;
  public long freeFiles;

  /** The preferred transfer size in bytes. */
  public int blockSize;

  /** The longest name in bytes. */
  public int nameLength;

  public int fragmentSize;

  /** Back to zero, before the next reply. */
  public void clear() {
    blocks = freeBlocks = availableBlocks = files = freeFiles = 0;
    blockSize = nameLength = fragmentSize = 0;
  }
}
