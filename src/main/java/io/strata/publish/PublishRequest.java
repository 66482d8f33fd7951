package io.strata.publish;

import io.strata.codec.Compression;
import io.strata.store.Snapshot;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is to be published.
 *
 * @param tree the directory whose contents become the image
 * @param snapshot how it will be called
 * @param mirror the mirror directory; made if it is not there
 * @param key a file with an OpenPGP secret key; without one the index is not signed
 * @param compression of the image
 * @param blockSize of the image in bytes, a power of two from {@link #MIN_BLOCK} to {@link
 *     #MAX_BLOCK}
 * @param makeTime the time in the image's superblock, in seconds since 1970, 0 to 2^32 - 1; without
 *     one it is now, or that of the published image that this one is compared with
 */
public record PublishRequest(
    Path tree,
    Snapshot snapshot,
    Path mirror,
    Optional<Path> key,
    Compression compression,
    int blockSize,
    OptionalLong makeTime) {
  /** {@code SQUASHFS_MIN_FILE_SIZE}'s block, 4 KiB. */
  public static final int MIN_BLOCK = 1 << 12;

  /** {@code SQUASHFS_FILE_MAX_SIZE}, 1 MiB. */
  public static final int MAX_BLOCK = 1 << 20;

  /** mksquashfs's own default. */
  public static final int DEFAULT_BLOCK = 1 << 17;

  private static final long MAX_TIME = 0xffff_ffffL;

  /** Refuses a block size or a time that the format does not have. */
  public PublishRequest {
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
