package io.strata.delta.sqdelta2;

import io.strata.delta.DeltaException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Cuts the data of an image into tiles, without gap or overlap. */
final class Tiling {
  private final long end;
  private final int blockSize;
  private List<Tile> found = new ArrayList<>();

  /** At how many tiles those go that start where another one does. */
  private int roomy = 1 << 16;

  /**
   * A tiling from the superblock's end on.
   *
   * @param end where the data ends
   */
  Tiling(long end, int blockSize) {
    this.end = end;
    this.blockSize = blockSize;
  }

  /** Adds the blocks of regular files. */
  Tiling files(List<Inode> inodes) {
    for (Inode inode : inodes) {
      long at = inode.start;
      long left = inode.size;
      for (int word : inode.words) {
        at += add(Tile.ofWord(at, word, Tile.Role.DATA, (int) Math.min(left, blockSize)));
        left -= blockSize;
      }
    }
    return this;
  }

  /** Adds the blocks of a fragment table. */
  Tiling fragments(byte[] table) throws DeltaException {
    ByteReader in = new ByteReader("fragment table", table);
    while (!in.atEnd()) {
      long offset = in.i64();
      add(Tile.ofWord(offset, in.i32(), Tile.Role.FRAGMENT, blockSize));
      in.i32(); // unused
    }
    return this;
  }

  private int add(Tile tile) {
    boolean inside = tile.offset() >= Superblock.SIZE && tile.offset() <= end - tile.length();
    if (inside && tile.length() > 0 && tile.length() <= blockSize) {
      found.add(tile);
      if (found.size() == roomy) {
        dropKnown();
      }
    }
    return Math.max(tile.length(), 0);
  }

  /** Of the tiles that start at the same place the first one stays: many files may share them. */
  private void dropKnown() {
    found.sort(Comparator.comparingLong(Tile::offset));
    List<Tile> kept = new ArrayList<>();
    for (Tile tile : found) {
      if (kept.isEmpty() || kept.getLast().offset() != tile.offset()) {
        kept.add(tile);
      }
    }
    found = kept;
    roomy = Math.max(roomy, 2 * kept.size());
  }

  /** The tiles in order: of those that overlap the first one, in the order of adding. */
  List<Tile> tiles() throws DeltaException {
    found.sort(Comparator.comparingLong(Tile::offset));
    List<Tile> tiles = new ArrayList<>(found.size());
    long at = Superblock.SIZE;
    for (Tile tile : found) {
      if (tile.offset() >= at) {
        gap(at, tile.offset(), tiles);
        tiles.add(tile);
        at = tile.end();
      }
    }
    gap(at, end, tiles);
    if (tiles.size() > Limits.TILES) {
      throw new DeltaException("has " + tiles.size() + " blocks, more than a delta can name");
    }
    return tiles;
  }

  private static void gap(long from, long to, List<Tile> tiles) {
    for (long at = from; at < to; at += Limits.GAP) {
      int length = (int) Math.min(Limits.GAP, to - at);
      tiles.add(new Tile(at, length, true, Tile.Role.GAP, length));
    }
  }
}
