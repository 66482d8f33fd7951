package io.strata.squashfs;

import java.util.OptionalLong;

/**
 * How an image is opened.
 *
 * @param offset where the image begins in its file, in bytes; nothing to have it found: at the
 *     first byte, or behind an ELF program, or anywhere in 128 MiB
 * @param cacheBytes the budget for decompressed data blocks and fragments, in bytes; at least four
 *     blocks are kept whatever it says
 * @param metadataCacheBytes the budget for decoded metadata blocks, in bytes; at least 64 KiB
 * @param inodeCacheEntries how many decoded inodes are kept; at least 64
 * @param readAheadThreads how many threads decompress ahead of sequential readers; 0 for none
 * @param readAheadBytes how far they may be ahead of one reader, in decompressed bytes
 */
public record ImageOptions(
    OptionalLong offset,
    long cacheBytes,
    long metadataCacheBytes,
    int inodeCacheEntries,
    int readAheadThreads,
    long readAheadBytes) {
  private static final long MIB = 1 << 20;

  /** Checks that nothing is negative. */
  public ImageOptions {
    if (offset.orElse(0) < 0 || cacheBytes < 0 || metadataCacheBytes < 0 || inodeCacheEntries < 0) {
      throw new IllegalArgumentException("negative offset or budget");
    }
    if (readAheadThreads < 0 || readAheadBytes < 0) {
      throw new IllegalArgumentException("negative read-ahead");
    }
  }

  /**
   * An image that begins with its file; 64 MiB of blocks, 8 MiB of metadata, one read-ahead thread
   * per further core (at most 4).
   */
  public static ImageOptions defaults() {
    int others = Runtime.getRuntime().availableProcessors() - 1;
    return new ImageOptions(
        OptionalLong.of(0), 64 * MIB, 8 * MIB, 16384, Math.clamp(others, 0, 4), 2 * MIB);
  }

  public ImageOptions withOffset(long bytes) {
    return withOffset(OptionalLong.of(bytes));
  }

  public ImageOptions withOffset(OptionalLong bytes) {
    return new ImageOptions(
        bytes, cacheBytes, metadataCacheBytes, inodeCacheEntries, readAheadThreads, readAheadBytes);
  }

  public ImageOptions withCacheBytes(long bytes) {
    return new ImageOptions(
        offset, bytes, metadataCacheBytes, inodeCacheEntries, readAheadThreads, readAheadBytes);
  }

  public ImageOptions withReadAhead(int threads, long bytes) {
    return new ImageOptions(
        offset, cacheBytes, metadataCacheBytes, inodeCacheEntries, threads, bytes);
  }
}
