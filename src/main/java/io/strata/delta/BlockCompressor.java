package io.strata.delta;

import io.strata.codec.CodecException;
import io.strata.codec.Compressor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Compresses blocks again, into their places in the target. For one thread.
 *
 * <p>The list says how long each block is compressed, and nothing says what its bytes are: another
 * length is noticed here, other bytes of the same length only by the digest of the whole image.
 */
final class BlockCompressor {
  private final Compressor compressor;
  private final BlockList blocks;
  private final StagedImage staged;
  private final ByteBuffer plain;
  private final ByteBuffer compressed;

  /**
   * A compressor.
   *
   * @param memory ends the buffers
   */
  BlockCompressor(Compressor compressor, BlockList blocks, StagedImage staged, Arena memory) {
    this.compressor = compressor;
    this.blocks = blocks;
    this.staged = staged;
    int largest = blocks.largestUncompressed();
    this.plain = memory.allocate(largest).asByteBuffer();
    // Room for the worst case, so that the message can say how long a block became.
    this.compressed = memory.allocate(largest + largest / 8 + 512).asByteBuffer();
  }

  /** Writes a block; or gives what is wrong with it, and writes nothing. */
  @Nullable Mismatch compress(PlainBlock block) throws IOException {
    int i = block.number();
    int length = blocks.uncompressedLength(i);
    plain.put(0, block.bytes(), block.at(), length);
    try {
      int n = compressor.compress(plain, 0, length, compressed.clear(), 0, compressed.capacity());
      if (n == blocks.length(i)) {
        staged.write(compressed.limit(n), blocks.offset(i));
        return null;
      }
      return new Mismatch(i, compressor.library(), Integer.toString(n));
    } catch (CodecException e) {
      return new Mismatch(i, compressor.library(), "nothing (" + e.getMessage() + ")");
    }
  }
}
