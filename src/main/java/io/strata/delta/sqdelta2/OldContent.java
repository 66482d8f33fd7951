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

  OldContent(ImageModel source) {
    this.tiles = source.tiles();
    this.reader = source.reader();
    this.blockSize = source.superblock().blockSize();
  }

  /** The content of a tile, from index 0 to the limit; good until the next call. */
  ByteBuffer of(int tile) throws IOException, DeltaException {
    Tile it = tiles.get(tile);
    return reader.plain(it.offset(), it.length(), it.uncompressed(), blockSize);
  }

  /**
   * The contents of several tiles, one after the other.
   *
   * @throws DeltaException if they are more than a dictionary may have
   */
  byte[] dictionary(int[] numbers) throws IOException, DeltaException {
    ByteWriter all = new ByteWriter();
    for (int number : numbers) {
      ByteBuffer content = of(number);
      if (content.limit() > Limits.DICTIONARY - all.length()) {
        throw new DeltaException("a dictionary of more than " + Limits.DICTIONARY + " bytes");
      }
      byte[] bytes = new byte[content.limit()];
      content.get(0, bytes);
      all.bytes(bytes);
    }
    return all.toByteArray();
  }
}
