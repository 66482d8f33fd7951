package io.strata.delta.sqdelta2;

import io.strata.delta.DeltaException;
import java.io.IOException;
import java.util.Arrays;

/**
 * A table of an image, uncompressed, and how its metadata blocks are stored.
 *
 * <p>Every block but the last holds 8192 bytes.
 */
final class MetadataTable {
  static final int METADATA_SIZE = 8192;

  /** In the word before a block: it is stored as it is. */
  static final int UNCOMPRESSED = 0x8000;

  static final MetadataTable EMPTY = new MetadataTable(new byte[0], new int[0]);

  private final byte[] plain;
  private final int[] words;
  private final int[] starts;

  /**
   * A table.
   *
   * @param plain its uncompressed bytes
   * @param words the 16 bits before each block
   */
  MetadataTable(byte[] plain, int[] words) {
    this.plain = plain;
    this.words = words;
    this.starts = starts(words);
  }

  /** Where blocks with these words start from the start of their table, and where they end. */
  static int[] starts(int[] words) {
    int[] starts = new int[words.length + 1];
    for (int i = 0; i < words.length; i++) {
      starts[i + 1] = starts[i] + Short.BYTES + stored(words[i]);
    }
    return starts;
  }

  /** How many bytes a block with this word has behind it. */
  static int stored(int word) {
    return word & ~UNCOMPRESSED;
  }

  /** How many blocks hold so many bytes. */
  static int blocks(long plainLength) {
    return (int) ((plainLength + METADATA_SIZE - 1) / METADATA_SIZE);
  }

  /**
   * Reads the blocks from {@code start} to exactly {@code end}.
   *
   * @throws DeltaException if these are not metadata blocks, or not full ones before the last
   */
  static MetadataTable read(BlockReader image, long start, long end)
      throws IOException, DeltaException {
    ByteWriter plain = new ByteWriter();
    int[] words = new int[16];
    int count = 0;
    for (long at = start; at < end; at += Short.BYTES + stored(words[count++])) {
      words = count < words.length ? words : Arrays.copyOf(words, 2 * count);
      words[count] = new ByteReader("metadata", image.bytes(at, Short.BYTES)).u16();
      int stored = stored(words[count]);
      if (plain.length() != count * METADATA_SIZE || stored == 0 || stored > METADATA_SIZE) {
        throw new DeltaException("unusual metadata block at offset " + at);
      }
      if (stored > end - at - Short.BYTES || plain.length() > Limits.TABLE - METADATA_SIZE) {
        throw new DeltaException("the metadata at offset " + start + " is too long");
      }
      boolean uncompressed = (words[count] & UNCOMPRESSED) != 0;
      var block = image.plain(at + Short.BYTES, stored, uncompressed, METADATA_SIZE);
      byte[] bytes = new byte[block.limit()];
      block.get(0, bytes);
      plain.bytes(bytes);
    }
    return new MetadataTable(plain.toByteArray(), Arrays.copyOf(words, count));
  }

  byte[] plain() {
    return plain;
  }

  int[] words() {
    return words;
  }

  /** Where each block starts from the start of the table, and where the last one ends. */
  int[] starts() {
    return starts;
  }

  /**
   * Where in the uncompressed table a reference points.
   *
   * @param start of a block, from the start of the table
   * @param offset in the block
   */
  int position(long start, int offset) throws DeltaException {
    int block = start > Integer.MAX_VALUE ? -1 : Arrays.binarySearch(starts, (int) start);
    if (block < 0 || offset < 0 || offset >= METADATA_SIZE) {
      throw new DeltaException("a reference to no metadata block: " + start + ", " + offset);
    }
    return block * METADATA_SIZE + offset;
  }
}
