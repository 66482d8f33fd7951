package io.strata.delta;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * The listed blocks of one image, by ascending offset, none overlapping another. Immutable.
 *
 * <p>Kept as the words of the format, 12 bytes a block: a list may be long.
 */
public final class BlockList {
  /** Length of one entry in bytes. */
  public static final int ENTRY_SIZE = 12;

  /**
   * The most bytes that a block may have uncompressed: SquashFS's largest block size. Compressed it
   * has as many at most, for SquashFS keeps a block as it is that does not become smaller.
   */
  public static final int MAX_UNCOMPRESSED = 1 << 20;

  /** The most blocks in a list: 4 GiB of blocks of 1 KiB. */
  public static final int MAX_BLOCKS = 1 << 22;

  private static final int WORDS = 3;

  /** A list is read in parts of so many bytes. */
  private static final int PART = 1 << 13;

  /** How many blocks share an entry of {@link #plainStarts}. */
  private static final int STRIDE = 16;

  private final int[] words;
  private final long compressedLength;
  private final long uncompressedLength;

  /** Where each sixteenth block starts among the uncompressed blocks. */
  private final long[] plainStarts;

  private BlockList(int[] words) {
    this.words = words;
    this.plainStarts = new long[words.length / WORDS / STRIDE + 1];
    long compressed = 0;
    long uncompressed = 0;
    for (int i = 0; i < size(); i++) {
      if (i % STRIDE == 0) {
        plainStarts[i / STRIDE] = uncompressed;
      }
      compressed += length(i);
      uncompressed += uncompressedLength(i);
    }
    this.compressedLength = compressed;
    this.uncompressedLength = uncompressed;
  }

  /**
   * Reads a list; its numbers are not looked at before {@link #check}.
   *
   * @param bytes has it, big-endian, from {@code at} on
   * @param count how many blocks, 0 to {@link #MAX_BLOCKS}
   */
  static BlockList read(RandomBytes bytes, long at, int count) throws IOException, DeltaException {
    int[] words = new int[count * WORDS];
    byte[] part = new byte[PART];
    int done = 0;
    while (done < words.length) {
      int n = Math.min(PART / Integer.BYTES, words.length - done);
      bytes.read(at + (long) done * Integer.BYTES, part, 0, n * Integer.BYTES);
      ByteBuffer.wrap(part).asIntBuffer().get(words, done, n);
      done += n;
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

  /** The first of these blocks, as many as a list may have, and fit an expanded image. */
  BlockList within(long imageLength, long mostExpanded) {
    long length = imageLength + SqdeltaHeader.SIZE;
    int count = 0;
    while (count < Math.min(size(), MAX_BLOCKS)) {
      length += ENTRY_SIZE + uncompressedLength(count);
      if (length > mostExpanded) {
        break;
      }
      count++;
    }
    return count == size() ? this : new BlockList(Arrays.copyOf(words, count * WORDS));
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
      end = end(i);
      if (end > imageLength) {
        throw broken(i, "ends at " + end + ", the image at " + imageLength);
      }
    }
    return this;
  }

  private void checkLengths(int i) throws DeltaException {
    if (length(i) <= 0 || length(i) > MAX_UNCOMPRESSED) {
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

  /** Where block {@code i} ends in the image, in bytes. */
  long end(int i) {
    return offset(i) + length(i);
  }

  /** The last block that starts at {@code offset} of the image or before it, or -1. */
  int atOrBefore(long offset) {
    int low = 0;
    int high = size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (offset(middle) <= offset) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return high;
  }

  /**
   * Where block {@code i} starts among the uncompressed blocks, in bytes; {@link #size()} stands
   * for their end.
   */
  long plainStart(int i) {
    if (i == size()) {
      return uncompressedLength;
    }
    int first = i - i % STRIDE;
    long start = plainStarts[i / STRIDE];
    for (int before = first; before < i; before++) {
      start += uncompressedLength(before);
    }
    return start;
  }

  /**
   * The block that has the byte at {@code position} of the uncompressed blocks, which is inside.
   */
  int plainAt(long position) {
    int found = Arrays.binarySearch(plainStarts, 0, (size() - 1) / STRIDE + 1, position);
    int stride = found >= 0 ? found : -found - 2;
    int block = stride * STRIDE;
    long end = plainStarts[stride] + uncompressedLength(block);
    while (end <= position) {
      end += uncompressedLength(++block);
    }
    return block;
  }

  /** The largest {@link #uncompressedLength}, 0 if there is no block. */
  int largestUncompressed() {
    int largest = 0;
    for (int i = 0; i < size(); i++) {
      largest = Math.max(largest, uncompressedLength(i));
    }
    return largest;
  }

  /** Copies a range of the list as it stands in a file, from byte {@code from} of it on. */
  void copy(int from, byte[] target, int at, int length) {
    for (int i = from; i < from + length; i++) {
      int shift = Integer.SIZE - Byte.SIZE * (i % Integer.BYTES + 1);
      target[at + i - from] = (byte) (words[i / Integer.BYTES] >>> shift);
    }
  }

  /** Writes the list at the position of {@code out}, which is big-endian. */
  void write(ByteBuffer out) {
    for (int word : words) {
      out.putInt(word);
    }
  }
}
