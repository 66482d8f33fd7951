package io.strata.delta;

import io.strata.codec.CodecException;
import io.strata.codec.Decompressors;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Blocks that were decompressed lately, in a bounded amount of memory outside the heap. Patches
 * copy mostly forwards, so that few blocks are wanted twice. For one thread.
 */
final class DecompressedBlocks implements AutoCloseable {
  private final FileChannel image;
  private final SqdeltaCompression compression;
  private final BlockList blocks;
  private final int slotSize;
  private final int slots;
  private final Map<Integer, ByteBuffer> lately = new LinkedHashMap<>(64, 0.75f, true);
  private final Arena memory = Arena.ofConfined();
  private @Nullable BlockFile file;

  /** The block that was wanted last, and its bytes. */
  private int last = -1;

  private ByteBuffer lastBytes = ByteBuffer.allocate(0);

  /**
   * Blocks of an image.
   *
   * @param budget bytes of memory; there is always room for one block
   */
  DecompressedBlocks(
      FileChannel image, SqdeltaCompression compression, BlockList blocks, int budget) {
    this.image = image;
    this.compression = compression;
    this.blocks = blocks;
    this.slotSize = Math.max(blocks.largestUncompressed(), 1);
    this.slots = Math.max(budget / slotSize, 1);
  }

  /** The uncompressed bytes of a block, from index 0 on; good until the next call. */
  ByteBuffer get(int block) throws IOException, DeltaException {
    if (block == last) {
      return lastBytes;
    }
    last = -1; // should it fail
    ByteBuffer bytes = lately.get(block);
    if (bytes == null) {
      bytes = freeSlot();
      decompress(block, bytes);
      lately.put(block, bytes);
    }
    last = block;
    lastBytes = bytes;
    return bytes;
  }

  private ByteBuffer freeSlot() {
    if (lately.size() < slots) {
      return memory.allocate(slotSize).asByteBuffer();
    }
    var eldest = lately.entrySet().iterator();
    ByteBuffer slot = eldest.next().getValue();
    eldest.remove();
    return slot;
  }

  @Override
  public void close() {
    memory.close();
  }

  private void decompress(int block, ByteBuffer target) throws IOException, DeltaException {
    if (file == null) {
      file = new BlockFile(image, Decompressors.of(compression.algorithm()));
    }
    int expected = blocks.uncompressedLength(block);
    String where = "block " + block + " at offset " + blocks.offset(block) + " of the source";
    try {
      int length = file.decompress(blocks.offset(block), blocks.length(block), target, expected);
      if (length != expected) {
        throw new DeltaException(
            where + " has " + length + " bytes uncompressed instead of " + expected);
      }
    } catch (CodecException e) {
      throw new DeltaException(where + ": " + e.getMessage(), e);
    }
  }
}
