package io.strata.delta.sqdelta2;

/**
 * A tile of the target, and how it comes about.
 *
 * @param tile where and what it is in the target
 * @param from for a copy the number of the source's tile; for a recompressed one that of the way
 * @param plainLength bytes that it takes from the content; none for a copy
 */
record PlannedTile(Tile tile, How how, int from, int plainLength) {
  /** How a tile comes about. */
  enum How {
    /** From the source's image, as it is stored there. */
    COPY,
    /** From the content, compressed. */
    RECOMPRESS,
    /** From the content, as it is. */
    VERBATIM
  }
}
