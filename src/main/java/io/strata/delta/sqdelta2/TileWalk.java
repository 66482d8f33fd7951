package io.strata.delta.sqdelta2;

import io.strata.delta.DeltaException;
import io.strata.delta.sqdelta2.PlannedTile.How;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Codes the tiles of the target. */
final class TileWalk {
  private static final int KIND_NEXT = 0;
  private static final int KIND_RECOMPRESS = 1;
  private static final int KIND_VERBATIM = 2;
  private static final int KIND_JUMP = 3;

  private final Residuals values;
  private final List<Tile> old;
  private final int blockSize;
  private final int ways;
  private final long targetLength;
  private long offset = Superblock.SIZE;
  private int nextCopy;
  private int lastStored;

  /**
   * A walk.
   *
   * @param old the tiles of the source
   * @param ways how many ways of compression there are
   */
  TileWalk(Residuals values, List<Tile> old, int blockSize, int ways, long targetLength) {
    this.values = values;
    this.old = old;
    this.blockSize = blockSize;
    this.ways = ways;
    this.targetLength = targetLength;
  }

  /**
   * Codes all tiles.
   *
   * @param actual for writing, the tiles
   */
  List<PlannedTile> run(List<PlannedTile> actual) throws DeltaException {
    // Whatever count a delta claims, each tile takes a byte of a column, which is finite.
    int count = (int) values.number(Column.LAYOUT, 0, actual.size(), Limits.TILES);
    List<PlannedTile> tiles = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      PlannedTile tile = tile(values.reads() ? null : actual.get(i));
      tiles.add(tile);
      offset = tile.tile().end();
      if (offset > targetLength) {
        throw new DeltaException("tile " + i + " ends at " + offset + ", behind the target");
      }
    }
    return tiles;
  }

  private PlannedTile tile(@Nullable PlannedTile actual) throws DeltaException {
    int kind = (int) values.number(Column.TILE_KIND, 0, kind(actual), KIND_JUMP);
    return switch (kind) {
      case KIND_NEXT -> copy(nextCopy);
      case KIND_RECOMPRESS -> recompressed(actual);
      case KIND_VERBATIM -> verbatim(actual);
      default -> {
        long from = actual == null ? 0 : actual.from();
        yield copy((int) values.number(Column.TILE_JUMP, nextCopy, from, old.size()));
      }
    };
  }

  private int kind(@Nullable PlannedTile actual) {
    if (actual == null) {
      return 0;
    }
    return switch (actual.how()) {
      case COPY -> actual.from() == nextCopy ? KIND_NEXT : KIND_JUMP;
      case RECOMPRESS -> KIND_RECOMPRESS;
      case VERBATIM -> KIND_VERBATIM;
    };
  }

  private PlannedTile copy(int from) throws DeltaException {
    if (from >= old.size()) {
      throw new DeltaException("copies tile " + from + " of a source of " + old.size());
    }
    nextCopy = from + 1;
    return new PlannedTile(old.get(from).at(offset), How.COPY, from, 0);
  }

  private PlannedTile recompressed(@Nullable PlannedTile actual) throws DeltaException {
    Tile tile = actual == null ? null : actual.tile();
    int role =
        (int) values.number(Column.TILE_FORM, 0, tile == null ? 0 : tile.role().ordinal(), 1);
    int way =
        (int) values.number(Column.TILE_HOW, 0, actual == null ? 0 : actual.from(), ways - 1L);
    if (ways == 0) {
      throw new DeltaException("recompresses a tile without saying how");
    }
    long plainActual = actual == null ? 0 : actual.plainLength();
    int plain = (int) values.number(Column.TILE_PLAIN, blockSize, plainActual, blockSize);
    int stored = stored(tile, blockSize);
    Tile planned = new Tile(offset, stored, false, Tile.Role.values()[role], plain);
    if (plain == 0) {
      throw new DeltaException("recompresses a tile of no bytes");
    }
    return new PlannedTile(planned, How.RECOMPRESS, way, plain);
  }

  private PlannedTile verbatim(@Nullable PlannedTile actual) throws DeltaException {
    Tile tile = actual == null ? null : actual.tile();
    int form = tile == null ? 0 : 2 * tile.role().ordinal() + (tile.uncompressed() ? 1 : 0);
    form = (int) values.number(Column.TILE_FORM, 0, form, 5);
    int stored = stored(tile, Math.max(blockSize, Limits.GAP));
    Tile planned = new Tile(offset, stored, (form & 1) != 0, Tile.Role.values()[form / 2], stored);
    return new PlannedTile(planned, How.VERBATIM, 0, stored);
  }

  private int stored(@Nullable Tile tile, int most) throws DeltaException {
    int actual = tile == null ? 0 : tile.length();
    lastStored = (int) values.number(Column.TILE_STORED, lastStored, actual, most);
    if (lastStored == 0) {
      throw new DeltaException("a tile of no bytes");
    }
    return lastStored;
  }
}
