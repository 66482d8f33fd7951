package io.strata.delta.sqdelta2;

/**
 * A stretch of an image behind its data.
 *
 * @param start where it starts in the image
 * @param end where it ends
 */
record Segment(Kind kind, long start, long end) {
  /** What it holds, in the order of the numbers that a delta has for it. */
  enum Kind {
    INODES(true),
    DIRECTORIES(true),
    FRAGMENTS(true),
    FRAGMENT_INDEX(false),
    EXPORT(true),
    EXPORT_INDEX(false),
    IDS(true),
    ID_INDEX(false),
    XATTR_VALUES(true),
    XATTR_IDS(true),
    XATTR_INDEX(false),
    GAP(false);

    private final boolean blocks;

    Kind(boolean blocks) {
      this.blocks = blocks;
    }

    /** Whether it is a table of metadata blocks. */
    boolean hasBlocks() {
      return blocks;
    }
  }

  long length() {
    return end - start;
  }
}
