package io.strata.delta.sqdelta2;

/** What a delta and its images may ask for at most; more is refused before it is allocated. */
final class Limits {
  /** Uncompressed bytes of all columns. */
  static final long COLUMNS = 128 << 20;

  /** Uncompressed bytes of one frame of content. */
  static final int FRAME = 4 << 20;

  /** Bytes of the old content that one frame refers to. */
  static final int DICTIONARY = 16 << 20;

  /** Uncompressed bytes of one metadata table. */
  static final int TABLE = 128 << 20;

  /** The same of all tables of an image: so many that as many inodes as may be have their names. */
  static final long TABLES = 3L * TABLE;

  /** Bytes of what is not a block of the image: longer stretches are several tiles. */
  static final int GAP = 1 << 17;

  /** Tiles of an image. */
  static final int TILES = 1 << 21;

  /** Inodes of an image; one that has more is taken as it is, without a model. */
  static final int INODES = 1 << 21;

  /** Tiles of the source that all dictionaries of a delta name together. */
  static final int DICTIONARY_TILES = 1 << 22;

  /** Copies of old content that all frames of a delta have together. */
  static final int COPIES = 1 << 20;

  /** Members of .gz files that all frames have together, old ones and said ends of blocks too. */
  static final int MEMBERS = 1 << 20;

  /** Bytes of old content that all dictionaries may have together, for so much new content. */
  static long dictionaries(long content) {
    return 16 * content + DICTIONARY;
  }

  /** Ways of compression in one delta. */
  static final int RECOMPRESSORS = 16;

  private Limits() {}

  /** How many threads may have a frame and a dictionary each, in a half of the heap. */
  static int threads() {
    long each = 2L * (DICTIONARY + FRAME); // both are there twice while they are put together
    return Math.clamp(Runtime.getRuntime().maxMemory() / 2 / each, 1, 64);
  }
}
