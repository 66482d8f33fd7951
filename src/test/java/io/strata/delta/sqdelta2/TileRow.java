package io.strata.delta.sqdelta2;

import java.util.ArrayList;
import java.util.List;

/** Tiles one after the other, as an image has them, and the slots that they have. */
record TileRow(List<Tile> tiles, Slots slots) {
  /** Bytes of each block as it is stored. */
  private static final int STORED = 10;

  /** Gaps, each of which fills its slot. */
  static TileRow gaps(int... lengths) {
    List<Tile> tiles = new ArrayList<>();
    long at = Superblock.SIZE;
    for (int length : lengths) {
      tiles.add(new Tile(at, length, true, Tile.Role.GAP, length));
      at += length;
    }
    return new TileRow(tiles, Slots.of(tiles));
  }

  /** Data blocks, each with a slot of the block size. */
  static TileRow blocks(int count, int blockSize) {
    List<Tile> tiles = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      tiles.add(new Tile(Superblock.SIZE + i * STORED, STORED, false, Tile.Role.DATA, blockSize));
    }
    return new TileRow(tiles, Slots.of(tiles));
  }

  /** One of these that is a copy of a tile of the source. */
  PlannedTile copy(int tile, int from) {
    return new PlannedTile(tiles.get(tile), PlannedTile.How.COPY, from, 0);
  }

  /** One of these that takes bytes from the content. */
  PlannedTile plain(int tile, int length) {
    return new PlannedTile(tiles.get(tile), PlannedTile.How.VERBATIM, 0, length);
  }

  /** Several copies, each of three numbers: where it starts, from where, how long it is. */
  static Copies copies(int... numbers) {
    int[][] columns = new int[3][numbers.length / 3];
    for (int i = 0; i < numbers.length; i++) {
      columns[i % 3][i / 3] = numbers[i];
    }
    return new Copies(columns[0], columns[1], columns[2]);
  }

  /** One member. */
  static Members member(int at, int stored, int plain) {
    return new Members(
        new int[] {at}, new int[] {stored}, new int[] {plain}, new int[1], new int[1][0]);
  }

  /** A frame without members. */
  static Frame frame(List<PlannedTile> tiles, int[] dictionary, Copies copies) {
    return frame(tiles, dictionary, Members.NONE, Members.NONE, copies);
  }

  /** A frame of which nothing is stored yet. */
  static Frame frame(
      List<PlannedTile> tiles, int[] dictionary, Members old, Members members, Copies copies) {
    return new Frame(tiles, dictionary, old, members, copies, true, 0, 0, 0);
  }
}
