package io.strata.delta.sqdelta2;

import io.strata.delta.DeltaException;
import io.strata.delta.Workers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/** Finds out how the metadata blocks of a table were compressed. */
final class BlockTrials {
  private final BlockReader reader;
  private final MetadataTable table;
  private final Toolbox toolbox;

  BlockTrials(BlockReader reader, MetadataTable table, Toolbox toolbox) {
    this.reader = reader;
    this.table = table;
    this.toolbox = toolbox;
  }

  /**
   * The way of each block; one too high for those that no way gives back, 0 for uncompressed ones.
   *
   * @param start of the table in the image
   */
  int[] ways(long start) throws IOException, DeltaException {
    int count = table.words().length;
    byte[][] stored = new byte[count][];
    for (int i = 0; i < count; i++) {
      long at = start + table.starts()[i] + Short.BYTES;
      stored[i] = reader.bytes(at, MetadataTable.stored(table.words()[i]));
    }
    int[] ways = new int[count];
    AtomicInteger next = new AtomicInteger();
    Workers.run(
        count,
        () -> {
          ByteBuffer plain = ByteBuffer.allocateDirect(MetadataTable.METADATA_SIZE);
          ByteBuffer again = ByteBuffer.allocateDirect(Toolbox.room(plain.capacity()));
          for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
            if ((table.words()[i] & MetadataTable.UNCOMPRESSED) == 0) {
              ways[i] = way(i, ByteBuffer.wrap(stored[i]), plain, again);
            }
          }
        });
    return ways;
  }

  private int way(int block, ByteBuffer stored, ByteBuffer plain, ByteBuffer again) {
    int from = block * MetadataTable.METADATA_SIZE;
    int length = Math.min(MetadataTable.METADATA_SIZE, table.plain().length - from);
    plain.put(0, table.plain(), from, length);
    int way = TilePlanner.way(toolbox.metadata(), plain, 0, length, stored, again);
    return way < 0 ? toolbox.metadata().size() : way;
  }
}
