package io.strata.delta.sqdelta2;

/**
 * A stretch of an image between its superblock and its inode table: a data block, a fragment block,
 * or what is neither.
 *
 * @param offset where it starts in the image
 * @param length stored bytes
 * @param uncompressed whether it is stored as it is
 * @param slot bytes of its slot: how long its content is, as far as the metadata says
 */
record Tile(long offset, int length, boolean uncompressed, Role role, int slot) {
  /** What it holds, in the order of the numbers that a delta has for it. */
  enum Role {
    DATA,
    FRAGMENT,
    GAP
  }

  private static final int SQUASHFS_COMPRESSED_BIT_BLOCK = 1 << 24;

  /** A tile with the size word that an inode or the fragment table has for it. */
  static Tile ofWord(long offset, int word, Role role, int slot) {
    boolean uncompressed = (word & SQUASHFS_COMPRESSED_BIT_BLOCK) != 0;
    return new Tile(offset, stored(word), uncompressed, role, slot);
  }

  /** How many bytes a block with this size word has in the image; 0 for a hole. */
  static int stored(int word) {
    return word & ~SQUASHFS_COMPRESSED_BIT_BLOCK;
  }

  /** Its size word. */
  int word() {
    return length | (uncompressed ? SQUASHFS_COMPRESSED_BIT_BLOCK : 0);
  }

  long end() {
    return offset + length;
  }

  Tile at(long newOffset) {
    return new Tile(newOffset, length, uncompressed, role, slot);
  }
}
