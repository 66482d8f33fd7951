package io.strata.blocks;

/**
 * A part of an image.
 *
 * @param offset of its first byte
 * @param length in bytes, 1 to {@link #MAX_LENGTH}
 * @param digest of its bytes
 */
public record Part(long offset, int length, PartDigest digest) {
  /** The longest part that an index may have: twice the largest block of SquashFS. */
  public static final int MAX_LENGTH = 1 << 21;

  /** Where the next part begins. */
  public long end() {
    return offset + length;
  }
}
