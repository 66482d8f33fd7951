package io.strata.delta;

import io.strata.codec.CodecException;
import io.strata.codec.Compressor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Compresses the blocks of a patched image again, on all cores, into their places.
 *
 * <p>The list says how long each block is compressed, and nothing says what its bytes are: another
 * length is noticed here, other bytes of the same length only by the digest of the whole image.
 */
final class Recompressor {
  private final StagedImage file;
  private final BlockList blocks;
  private final long imageLength;
  private final Progress progress;

  /**
   * A recompressor.
   *
   * @param file holds the expanded image, and gets the blocks
   * @param blocks was checked against the image
   * @param imageLength length of the image, behind which the uncompressed blocks start
   */
  Recompressor(StagedImage file, BlockList blocks, long imageLength, ProgressListener listener) {
    this.file = file;
    this.blocks = blocks;
    this.imageLength = imageLength;
    this.progress = new Progress(listener, ProgressListener.Step.RECOMPRESSING, blocks.size());
  }

  /**
   * Compresses all blocks with the first of {@code compressors} that fits them all.
   *
   * <p>One for all: a block that comes out as long with the wrong one would else go unnoticed.
   */
  void run(List<Compressor> compressors) throws IOException, DeltaException {
    List<Mismatch> mismatches = new ArrayList<>();
    for (Compressor compressor : compressors) {
      Pass pass = new Pass(compressor);
      pass.run();
      if (pass.mismatches.isEmpty()) {
        return;
      }
      mismatches.add(pass.mismatches.firstEntry().getValue());
    }
    throw failure(mismatches);
  }

  private RecompressionException failure(List<Mismatch> mismatches) {
    Mismatch first = mismatches.getFirst();
    StringBuilder message = new StringBuilder();
    for (Mismatch mismatch : mismatches) {
      message.append(message.isEmpty() ? "" : "; ").append(mismatch.describe(blocks));
    }
    message.append(". The delta was made with another version of the library");
    return new RecompressionException(message.toString(), first.block, first.library);
  }

  /** A block that came out wrong: its length, or why it has none. */
  private record Mismatch(int block, String library, String result) {
    String describe(BlockList blocks) {
      return "block "
          + block
          + " of "
          + blocks.size()
          + " at offset "
          + blocks.offset(block)
          + ": "
          + library
          + " compresses its "
          + blocks.uncompressedLength(block)
          + " bytes to "
          + result
          + ", the image has "
          + blocks.length(block);
    }
  }

  /** All blocks with one compressor; ends early once one does not fit. */
  private final class Pass {
    private final Compressor compressor;
    private final AtomicInteger next = new AtomicInteger();
    private final TreeMap<Integer, Mismatch> mismatches = new TreeMap<>();
    private final long[] starts = new long[blocks.size()];

    Pass(Compressor compressor) {
      this.compressor = compressor;
      long start = imageLength;
      for (int i = 0; i < starts.length; i++) {
        starts[i] = start;
        start += blocks.uncompressedLength(i);
      }
    }

    void run() throws IOException, DeltaException {
      progress.restart();
      Workers.run(blocks.size(), this::work);
    }

    private void work() throws IOException {
      int largest = blocks.largestUncompressed();
      ByteBuffer plain = ByteBuffer.allocateDirect(largest);
      // Room for the worst case, so that the message can say how long a block became.
      ByteBuffer compressed = ByteBuffer.allocateDirect(largest + largest / 8 + 512);
      for (int i = next.getAndIncrement(); i < blocks.size(); i = next.getAndIncrement()) {
        block(i, plain, compressed);
        progress.step();
      }
    }

    private void block(int i, ByteBuffer plain, ByteBuffer compressed) throws IOException {
      int length = blocks.uncompressedLength(i);
      BlockFile.readFully(file.channel(), starts[i], plain.clear().limit(length));
      String result;
      try {
        int n = compressor.compress(plain, 0, length, compressed.clear(), 0, compressed.capacity());
        if (n == blocks.length(i)) {
          file.write(compressed.limit(n), blocks.offset(i));
          return;
        }
        result = Integer.toString(n);
      } catch (CodecException e) {
        result = "nothing (" + e.getMessage() + ")";
      }
      mismatch(new Mismatch(i, compressor.library(), result));
    }

    private void mismatch(Mismatch mismatch) {
      synchronized (mismatches) {
        mismatches.put(mismatch.block, mismatch);
      }
      next.set(blocks.size());
    }
  }
}
