package io.strata.publish;

import io.strata.codec.Compression;
import java.util.OptionalLong;

/**
 * How an image is made.
 *
 * @param compression of all that is compressed
 * @param blockSize in bytes, a power of two from {@link #MIN_BLOCK} to {@link #MAX_BLOCK}
 * @param makeTime the time in the superblock, in seconds since 1970, 0 to 2^32 - 1; without one it
 *     is now
 */
public record ImageOptions(Compression compression, int blockSize, OptionalLong makeTime) {
  /** {@code SQUASHFS_MIN_FILE_SIZE}'s block, 4 KiB. */
  public static final int MIN_BLOCK = 1 << 12;

  /** {@code SQUASHFS_FILE_MAX_SIZE}, 1 MiB. */
  public static final int MAX_BLOCK = 1 << 20;

  /** mksquashfs's own default. */
  public static final int DEFAULT_BLOCK = 1 << 17;

  /** lzo, for which upstream's format has small deltas, in blocks of 128 KiB, made now. */
  public static final ImageOptions DEFAULT =
      new ImageOptions(Compression.LZO, DEFAULT_BLOCK, OptionalLong.empty());

  private static final long MAX_TIME = 0xffff_ffffL;

  /** Refuses a block size or a time that the format does not have. */
  public ImageOptions {
    if (blockSize < MIN_BLOCK || blockSize > MAX_BLOCK || Integer.bitCount(blockSize) != 1) {
      throw new IllegalArgumentException(
          "the block size " + blockSize + " is no power of two from 4 KiB to 1 MiB");
    }
    if (makeTime.isPresent() && (makeTime.getAsLong() < 0 || makeTime.getAsLong() > MAX_TIME)) {
      throw new IllegalArgumentException(
          "the time " + makeTime.getAsLong() + " is not in 0 to " + MAX_TIME);
    }
  }
}
