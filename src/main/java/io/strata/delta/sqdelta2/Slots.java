package io.strata.delta.sqdelta2;

import java.util.Arrays;
import java.util.List;

/**
 * The room that each tile of an image has where contents are put one after the other: a block size
 * for a block, its length for a gap. What the content leaves of it is NUL. So places are known
 * before any block is decompressed, and neighbours in a file are neighbours there. Immutable.
 */
final class Slots {
  private final long[] offsets;

  /** Where the slot of each tile starts, and where the last one ends. */
  private final long[] starts;

  Slots(List<Tile> tiles, int blockSize) {
    offsets = tiles.stream().mapToLong(Tile::offset).toArray();
    starts = new long[tiles.size() + 1];
    for (int i = 0; i < offsets.length; i++) {
      Tile tile = tiles.get(i);
      int length = tile.role() == Tile.Role.GAP ? tile.length() : blockSize;
      starts[i + 1] = starts[i] + length;
    }
  }

  /** Those of an image. */
  static Slots of(ImageModel image) {
    return new Slots(image.tiles(), image.superblock().blockSize());
  }

  /** How many tiles there are. */
  int count() {
    return offsets.length;
  }

  /** The number of the tile that starts at an offset of the image; negative if none does. */
  int at(long offset) {
    return Arrays.binarySearch(offsets, offset);
  }

  /** Where a slot starts, if all are put one after the other. */
  long start(int tile) {
    return starts[tile];
  }

  /** Bytes of one slot. */
  int length(int tile) {
    return (int) (starts[tile + 1] - starts[tile]);
  }

  /** Bytes of several slots together. */
  long length(int[] tiles) {
    long length = 0;
    for (int tile : tiles) {
      length += length(tile);
    }
    return length;
  }
}
