package io.strata.delta.sqdelta2;

import io.strata.delta.DeltaException;
import io.strata.delta.sqdelta2.PlannedTile.How;
import java.util.ArrayList;
import java.util.List;

/** Codes which tiles each frame of content has, and which of the source's are its dictionary. */
final class FrameWalk {
  private static final int MOST_STORED = Toolbox.room(Limits.FRAME);

  private final Residuals values;
  private final int oldTiles;
  private int room = Limits.DICTIONARY_TILES;

  /**
   * A walk.
   *
   * @param oldTiles how many tiles the source has
   */
  FrameWalk(Residuals values, int oldTiles) {
    this.values = values;
    this.oldTiles = oldTiles;
  }

  /** The tiles that take their bytes from the content. */
  static List<PlannedTile> withContent(List<PlannedTile> tiles) {
    return tiles.stream().filter(tile -> tile.how() != How.COPY).toList();
  }

  /**
   * Reads all frames.
   *
   * @param tiles of the target, copies too
   * @param contentStart where the first frame is in the delta
   * @param end where the last one must end
   */
  List<Frame> read(List<PlannedTile> tiles, long contentStart, long end) throws DeltaException {
    List<PlannedTile> left = withContent(tiles);
    List<Frame> frames = new ArrayList<>();
    long at = contentStart;
    while (!left.isEmpty()) {
      int count = (int) values.number(Column.FRAME_TILES, 0, 0, left.size());
      int stored = (int) values.number(Column.FRAME_STORED, 0, 0, Math.min(end - at, MOST_STORED));
      List<PlannedTile> inside = left.subList(0, count);
      if (count == 0 || plainLength(inside) > Limits.FRAME) {
        throw new DeltaException("a frame of " + plainLength(inside) + " bytes");
      }
      frames.add(new Frame(inside, dictionary(), at, stored));
      left = left.subList(count, left.size());
      at += stored;
    }
    if (at != end) {
      throw new DeltaException("goes on for " + (end - at) + " bytes after its last frame");
    }
    return frames;
  }

  private static long plainLength(List<PlannedTile> tiles) {
    long length = 0;
    for (PlannedTile tile : tiles) {
      length += tile.plainLength();
    }
    return length;
  }

  private int[] dictionary() throws DeltaException {
    long most = oldTiles == 0 ? 0 : room;
    int count = (int) values.number(Column.DICTIONARY_SIZE, 0, 0, most);
    room -= count;
    int[] tiles = new int[count];
    int last = -1;
    for (int i = 0; i < count; i++) {
      last = (int) values.number(Column.DICTIONARY_TILE, last + 1L, 0, oldTiles - 1L);
      tiles[i] = last;
    }
    return tiles;
  }

  /** Writes one frame. */
  void write(Frame frame) throws DeltaException {
    values.number(Column.FRAME_TILES, 0, frame.tiles().size(), Integer.MAX_VALUE);
    values.number(Column.FRAME_STORED, 0, frame.stored(), Integer.MAX_VALUE);
    values.number(Column.DICTIONARY_SIZE, 0, frame.dictionary().length, Limits.DICTIONARY_TILES);
    int last = -1;
    for (int tile : frame.dictionary()) {
      values.number(Column.DICTIONARY_TILE, last + 1L, tile, oldTiles - 1L);
      last = tile;
    }
  }
}
