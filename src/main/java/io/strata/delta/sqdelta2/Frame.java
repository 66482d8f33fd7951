package io.strata.delta.sqdelta2;

import java.util.List;

/**
 * One frame of content.
 *
 * @param tiles the tiles of the target that it has the content of, in order
 * @param dictionary the numbers of the source's tiles whose contents are its dictionary, in order
 * @param offset where it is in the delta
 * @param stored its length there
 */
record Frame(List<PlannedTile> tiles, int[] dictionary, long offset, int stored) {
  /** How long it is uncompressed. */
  int plainLength() {
    return plainLength(tiles);
  }

  static int plainLength(List<PlannedTile> tiles) {
    int length = 0;
    for (PlannedTile tile : tiles) {
      length += tile.plainLength();
    }
    return length;
  }
}
