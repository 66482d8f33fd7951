package io.strata.delta.sqdelta2;

import io.strata.delta.sqdelta2.Segment.Kind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/** In which tiles of an image the contents of its files are. Immutable. */
final class FilePlaces {
  private static final int FRAGMENT_ENTRY = 16;
  private static final int[] NONE = {};

  private final long[] offsets;
  private final int[] fragments;

  FilePlaces(ImageModel image) {
    List<Tile> tiles = image.tiles();
    offsets = tiles.stream().mapToLong(Tile::offset).toArray();
    ByteBuffer table =
        ByteBuffer.wrap(image.table(Kind.FRAGMENTS).plain()).order(ByteOrder.LITTLE_ENDIAN);
    fragments = new int[table.limit() / FRAGMENT_ENTRY];
    for (int i = 0; i < fragments.length; i++) {
      fragments[i] = at(table.getLong(i * FRAGMENT_ENTRY));
    }
  }

  /** The tile that starts at an offset; negative if there is none. */
  int at(long offset) {
    return Arrays.binarySearch(offsets, offset);
  }

  /** The tiles of a file's blocks; negative for a hole. None for what is no file. */
  int[] blocks(Inode file) {
    if (file.basicType() != Inode.FILE || file.words.length == 0) {
      return NONE;
    }
    int[] blocks = new int[file.words.length];
    long offset = file.start;
    for (int i = 0; i < blocks.length; i++) {
      int length = Tile.stored(file.words[i]);
      blocks[i] = length == 0 ? -1 : at(offset);
      offset += length;
    }
    return blocks;
  }

  /** The tile that the last bytes of a file are in, as a fragment; negative if they are not. */
  int tail(Inode file) {
    boolean known = file.hasFragment() && file.fragment >= 0 && file.fragment < fragments.length;
    return known ? fragments[file.fragment] : -1;
  }
}
