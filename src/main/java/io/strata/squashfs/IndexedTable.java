package io.strata.squashfs;

import io.strata.posix.NativeBuffer;
import java.io.IOException;

/**
 * A table of entries of one size, in metadata blocks whose positions stand in an index: fragments,
 * inode references (the export table), ids, and xattr ids.
 *
 * <p>Immutable and thread-safe. Each entry is reached by one step.
 */
final class IndexedTable {
  private static final int INDEX_ENTRY = Long.BYTES;
  private static final int PIECE = 8192;

  /** The longest index that is kept in memory, in entries: 1 MiB; a longer one is read in place. */
  private static final int MAX_KEPT = 1 << 17;

  private final MetadataTable blocks;
  private final long indexStart;
  private final long[] index; // empty if it is too long
  private final int entrySize;
  private final long count;
  private final ThreadLocal<NativeBuffer> entries =
      ThreadLocal.withInitial(() -> NativeBuffer.allocate(INDEX_ENTRY));

  private IndexedTable(
      MetadataTable blocks, long indexStart, long[] index, int entrySize, long count) {
    this.blocks = blocks;
    this.indexStart = indexStart;
    this.index = index;
    this.entrySize = entrySize;
    this.count = count;
  }

  /**
   * Reads the index of a table.
   *
   * @param blocks where its metadata blocks may lie
   * @param indexStart position of the index
   * @param indexEnd where what follows it begins
   * @param entrySize bytes of an entry, a divisor of 8192
   * @param count how many entries it has, below 2^32
   * @throws CorruptImageException if there is no room for such an index
   */
  static IndexedTable read(
      MetadataTable blocks, long indexStart, long indexEnd, int entrySize, long count)
      throws IOException {
    long perBlock = MetadataBlock.SQUASHFS_METADATA_SIZE / entrySize;
    long length = (count + perBlock - 1) / perBlock;
    if (length > (indexEnd - indexStart) / INDEX_ENTRY) {
      String problem = "no room for the index of " + count + " entries before byte " + indexEnd;
      throw blocks.corrupt(indexStart, problem);
    }
    long[] index = new long[length > MAX_KEPT ? 0 : (int) length];
    NativeBuffer piece = NativeBuffer.allocate(PIECE);
    int perPiece = PIECE / INDEX_ENTRY;
    for (int from = 0; from < index.length; from += perPiece) {
      int entries = Math.min(perPiece, index.length - from);
      long position = indexStart + (long) from * INDEX_ENTRY;
      blocks.file().readFully(position, entries * INDEX_ENTRY, piece, 0);
      piece
          .bytes()
          .slice(0, PIECE)
          .order(piece.bytes().order())
          .asLongBuffer()
          .get(index, from, entries);
    }
    return new IndexedTable(blocks, indexStart, index, entrySize, count);
  }

  /** How many entries there are. */
  long count() {
    return count;
  }

  /** Where the index lies. */
  long indexStart() {
    return indexStart;
  }

  /** Where the first metadata block lies; the image's end if there is none. */
  long firstBlock() throws IOException {
    return count == 0 ? blocks.end() : position(0);
  }

  /** How many metadata blocks there are. */
  long blockCount() {
    long perBlock = MetadataBlock.SQUASHFS_METADATA_SIZE / entrySize;
    return (count + perBlock - 1) / perBlock;
  }

  /** Where metadata block {@code number} lies, as the index says. */
  long position(long number) throws IOException {
    if (index.length > 0) {
      return index[(int) number];
    }
    NativeBuffer entry = entries.get();
    blocks.file().readFully(indexStart + number * INDEX_ENTRY, INDEX_ENTRY, entry, 0);
    return entry.bytes().getLong(0);
  }

  /**
   * The block that holds entry {@code number}, which begins at {@link #offsetInBlock}.
   *
   * @throws CorruptImageException if there is no such entry, or it lies outside of the image
   */
  MetadataBlock block(long number) throws IOException {
    if (number < 0 || number >= count) {
      throw blocks.corrupt(blocks.start(), "no entry " + number + ", there are " + count);
    }
    long indexEntry = number * entrySize / MetadataBlock.SQUASHFS_METADATA_SIZE;
    long position = position(indexEntry);
    if (position < blocks.start() || position >= blocks.end()) {
      String problem = "the index leads to byte " + Long.toUnsignedString(position);
      throw blocks.corrupt(indexStart + indexEntry * INDEX_ENTRY, problem);
    }
    MetadataBlock block = blocks.block(position);
    if (offsetInBlock(number) + entrySize > block.length()) {
      throw blocks.corrupt(position, "the block ends before entry " + number);
    }
    return block;
  }

  int offsetInBlock(long number) {
    return (int) (number * entrySize % MetadataBlock.SQUASHFS_METADATA_SIZE);
  }

  /** The entry's bytes {@code at} to {@code at + 8} as a number. */
  long s64(long number, int at) throws IOException {
    return LittleEndian.s64(block(number).bytes(), offsetInBlock(number) + at);
  }

  /** The entry's bytes {@code at} to {@code at + 4} as a number. */
  int s32(long number, int at) throws IOException {
    return LittleEndian.s32(block(number).bytes(), offsetInBlock(number) + at);
  }

  CorruptImageException corrupt(long number, String problem) throws IOException {
    return blocks.corrupt(block(number).position(), problem);
  }
}
