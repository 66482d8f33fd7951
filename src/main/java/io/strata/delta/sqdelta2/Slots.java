package io.strata.delta.sqdelta2;

import java.util.Arrays;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The room that each tile of an image has where contents are put one after the other: as long as
 * the content of a block of a file, a block size for a fragment, whose content only it can tell,
 * and the length of a gap. What a content leaves of it is NUL. So places are known before any block
 * is decompressed, and neighbours in a file are neighbours there. Immutable.
 */
final class Slots {
  private final long[] offsets;

  /** Where the slot of each tile starts, and where the last one ends. */
  private final long[] starts;

  private Slots(Stream<Tile> tiles, IntStream lengths, int count) {
    offsets = tiles.mapToLong(Tile::offset).toArray();
    starts = new long[count + 1];
    PrimitiveIterator.OfInt length = lengths.iterator();
    for (int i = 0; i < count; i++) {
      starts[i + 1] = starts[i] + length.nextInt();
    }
  }

  /** Those of an image. */
  static Slots of(ImageModel image) {
    return of(image.tiles());
  }

  /** Those of tiles, as long as these say. */
  static Slots of(List<Tile> tiles) {
    return new Slots(tiles.stream(), tiles.stream().mapToInt(Tile::slot), tiles.size());
  }

  /**
   * Those of a target, as a delta tells them.
   *
   * @param old the slots of the source, which what is copied keeps
   */
  static Slots of(List<PlannedTile> tiles, Slots old, int blockSize) {
    IntStream lengths = tiles.stream().mapToInt(tile -> length(tile, old, blockSize));
    return new Slots(tiles.stream().map(PlannedTile::tile), lengths, tiles.size());
  }

  private static int length(PlannedTile planned, Slots old, int blockSize) {
    if (planned.how() == PlannedTile.How.COPY) {
      return old.length(planned.from());
    }
    return planned.tile().role() == Tile.Role.FRAGMENT ? blockSize : planned.plainLength();
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

  /** Bytes of all slots. */
  long total() {
    return starts[starts.length - 1];
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
