package io.strata.delta;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * The listed blocks of one image, by ascending offset, none overlapping another. Immutable.
 *
 * <p>Kept as the words of the format, 12 bytes a block: a list may be long.
 */
public final class BlockList {
  /** Length of one entry in bytes. */
  public static final int ENTRY_SIZE = 12;

  /** The most bytes that a block may have uncompressed: SquashFS's largest block size. */
  public static final int MAX_UNCOMPRESSED = 1 << 20;

  /** The most blocks in a list: 4 GiB of blocks of 1 KiB. */
  public static final int MAX_BLOCKS = 1 << 22;

  private static final int WORDS = 3;

  private final int[] words;
  private final long compressedLength;
  private final long uncompressedLength;

  private BlockList(int[] words) {
    this.words = words;
    long compressed = 0;
    long uncompressed = 0;
    for (int i = 0; i < words.length; i += WORDS) {
      compressed += words[i + 1];
      uncompressed += words[i + 2];
    }
    this.compressedLength = compressed;
    this.uncompressedLength = uncompressed;
  }

  /**
   * Reads a list; its numbers are not looked at before {@link #check}.
   *
   * @param bytes big-endian, with 12 bytes per block from {@code at} on
   * @param count how many blocks, 0 to {@link #MAX_BLOCKS}
   */
  static BlockList read(ByteBuffer bytes, int at, int count) {
    int[] words = new int[count * WORDS];
    for (int i = 0; i < words.length; i++) {
      words[i] = bytes.getInt(at + i * Integer.BYTES);
    }
    return new BlockList(words);
  }

  /** A list of these blocks, which must be in order. */
  static BlockList of(List<Block> blocks) {
    int[] words = new int[blocks.size() * WORDS];
    int at = 0;
    for (Block block : blocks) {
      words[at++] = (int) block.offset();
      words[at++] = block.length();
      words[at++] = block.uncompressedLength();
    }
    return new BlockList(words);
  }

  /**
   * Checks each block against the image, and returns this list.
   *
   * @param imageLength length of the image in bytes
   * @throws DeltaException if a block is empty, too large, out of the image, or not behind the one
   *     before it
   */
  BlockList check(long imageLength) throws DeltaException {
    long end = 0;
    for (int i = 0; i < size(); i++) {
      checkLengths(i);
      if (offset(i) < end) {
        throw broken(i, "overlaps the block before it");
      }
      end = offset(i) + length(i);
      if (end > imageLength) {
        throw broken(i, "ends at " + end + ", the image at " + imageLength);
      }
    }
    return this;
  }

  private void checkLengths(int i) throws DeltaException {
    if (length(i) <= 0) {
      throw broken(i, "has length " + Integer.toUnsignedString(length(i)));
    }
    int uncompressed = uncompressedLength(i);
    if (uncompressed <= 0 || uncompressed > MAX_UNCOMPRESSED) {
      throw broken(i, "has uncompressed length " + Integer.toUnsignedString(uncompressed));
    }
  }

  private DeltaException broken(int i, String what) {
    return new DeltaException("block " + i + " at offset " + offset(i) + " " + what);
  }

  /** How many blocks. */
  public int size() {
    return words.length / WORDS;
  }

  /** Where block {@code i} starts in the image, in bytes. */
  public long offset(int i) {
    return Integer.toUnsignedLong(words[i * WORDS]);
  }

  /** How long block {@code i} is in the image, in bytes. */
  public int length(int i) {
    return words[i * WORDS + 1];
  }

  /** How long block {@code i} is uncompressed, in bytes. */
  public int uncompressedLength(int i) {
    return words[i * WORDS + 2];
  }

  /** The sum of all {@link #length}s. */
  public long compressedLength() {
    return compressedLength;
  }

  /** The sum of all {@link #uncompressedLength}s. */
  public long uncompressedLength() {
    return uncompressedLength;
  }

  /** The largest {@link #uncompressedLength}, 0 if there is no block. */
  int largestUncompressed() {
    int largest = 0;
    for (int i = 0; i < size(); i++) {
      largest = Math.max(largest, uncompressedLength(i));
    }
    return largest;
  }

  /** Writes the list at the position of {@code out}, which is big-endian. */
  void write(ByteBuffer out) {
    for (int word : words) {
      out.putInt(word);
    }
  }
}
