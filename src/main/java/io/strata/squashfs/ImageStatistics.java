package io.strata.squashfs;

/**
 * What an image's caches did so far.
 *
 * @param blocks data blocks and fragments
 * @param metadata blocks of metadata: hits are those that were there decoded, misses were decoded
 * @param inodes inodes that were asked for by reference
 */
public record ImageStatistics(BlockStatistics blocks, CacheCounts metadata, CacheCounts inodes) {
  /** Of no image. */
  public static final ImageStatistics NONE =
      new ImageStatistics(
          new BlockStatistics(0, 0, 0, 0, 0, 0, 0), new CacheCounts(0, 0), new CacheCounts(0, 0));

  /**
   * How a cache fared.
   *
   * @param hits what was wanted and there
   * @param misses what was wanted and not there
   */
  public record CacheCounts(long hits, long misses) {
    CacheCounts plus(CacheCounts other) {
      return new CacheCounts(hits + other.hits, misses + other.misses);
    }
  }

  /** Both together. */
  public ImageStatistics plus(ImageStatistics other) {
    return new ImageStatistics(
        blocks.plus(other.blocks), metadata.plus(other.metadata), inodes.plus(other.inodes));
  }
}
