package io.strata.delta.sqdelta2;

import io.strata.delta.DeltaException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** The uncompressed content of the source's tiles. For one thread. */
final class OldContent {
  private final List<Tile> tiles;
  private final BlockReader reader;
  private final int blockSize;
  private final Slots slots;

  OldContent(ImageModel source) {
    this.tiles = source.tiles();
    this.reader = source.reader();
    this.blockSize = source.superblock().blockSize();
    this.slots = Slots.of(source);
  }

  /** The content of a tile, from index 0 to the limit; good until the next call. */
  ByteBuffer of(int tile) throws IOException, DeltaException {
    Tile it = tiles.get(tile);
    return reader.plain(it.offset(), it.length(), it.uncompressed(), blockSize);
  }

  /** The dictionary of a frame: contents of tiles, and behind them members of these inflated. */
  byte[] dictionary(int[] numbers, Members members) throws IOException, DeltaException {
    byte[] all = new byte[Math.toIntExact(slots.length(numbers)) + members.totalPlain()];
    int at = 0;
    for (int number : numbers) {
      ByteBuffer content = of(number);
      int slot = slots.length(number);
      content.get(0, all, at, Math.min(content.limit(), slot));
      at += slot;
    }
    members.inflate(all, all);
    return all;
  }
}
