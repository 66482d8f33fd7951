package io.strata.delta;

import io.strata.codec.CodecException;
import io.strata.codec.Compressor;
import io.strata.codec.Decompressor;
import io.strata.digest.Sha2;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/** Chooses the blocks of an image that a delta lists. */
final class BlockSelection {
  private final ImageFile image;
  private final List<Block> candidates;

  /**
   * A selection.
   *
   * @param candidates compressed blocks of the image, in order
   */
  BlockSelection(ImageFile image, List<Block> candidates) {
    this.image = image;
    this.candidates = candidates;
  }

  /** The same without the blocks whose bytes are among {@code others}. */
  BlockSelection without(Set<String> others) throws IOException {
    List<Block> left = new ArrayList<>();
    for (Block block : candidates) {
      if (!others.contains(digest(block))) {
        left.add(block);
      }
    }
    return new BlockSelection(image, left);
  }

  /** What tells each block from others. */
  Set<String> digests() throws IOException {
    Set<String> digests = HashSet.newHashSet(candidates.size());
    for (Block block : candidates) {
      digests.add(digest(block));
    }
    return digests;
  }

  private String digest(Block block) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(block.length());
    BlockFile.readFully(image.channel(), block.offset(), bytes);
    return Sha2.SHA_256.hex(bytes.array());
  }

  /** How many blocks are left. */
  int size() {
    return candidates.size();
  }

  /** All blocks that decompress, with their uncompressed lengths. */
  BlockList decompressible() throws IOException, DeltaException {
    return filter(null, ProgressListener.NONE);
  }

  /** All blocks that {@code compressor} gives back bit for bit. */
  BlockList reproducible(Compressor compressor, ProgressListener listener)
      throws IOException, DeltaException {
    return filter(compressor, listener);
  }

  private BlockList filter(@Nullable Compressor compressor, ProgressListener listener)
      throws IOException, DeltaException {
    // Written by the workers, read after they have ended: 0 for a block that is left out.
    AtomicIntegerArray lengths = new AtomicIntegerArray(candidates.size());
    AtomicInteger next = new AtomicInteger();
    Progress progress = new Progress(listener, ProgressListener.Step.SELECTING, candidates.size());
    Workers.run(
        candidates.size(),
        () -> {
          Trial trial = new Trial(image, compressor);
          for (int i = next.getAndIncrement(); i < candidates.size(); i = next.getAndIncrement()) {
            lengths.set(i, trial.uncompressedLength(candidates.get(i)));
            progress.step();
          }
        });
    List<Block> kept = new ArrayList<>();
    for (int i = 0; i < candidates.size(); i++) {
      if (lengths.get(i) > 0) {
        Block block = candidates.get(i);
        kept.add(new Block(block.offset(), block.length(), lengths.get(i)));
      }
    }
    return BlockList.of(kept);
  }

  /** Tries blocks out, on one thread. */
  private static final class Trial {
    private final BlockFile blocks;
    private final @Nullable Compressor compressor;
    private final ByteBuffer plain;
    private final ByteBuffer again;

    Trial(ImageFile image, @Nullable Compressor compressor) {
      FileChannel channel = image.channel();
      Decompressor decompressor = image.decompressor();
      int largest = Math.max(image.superblock().blockSize(), MetadataChain.METADATA_SIZE);
      this.blocks = new BlockFile(channel, decompressor);
      this.compressor = compressor;
      this.plain = ByteBuffer.allocateDirect(largest);
      this.again = ByteBuffer.allocateDirect(largest + largest / 8 + 512);
    }

    /** How long a block is uncompressed, or 0 if it does not come back. */
    int uncompressedLength(Block block) throws IOException {
      try {
        int length = blocks.decompress(block.offset(), block.length(), plain, plain.capacity());
        return length > 0 && comesBack(block, length) ? length : 0;
      } catch (CodecException _) {
        return 0;
      }
    }

    private boolean comesBack(Block block, int length) throws CodecException {
      if (compressor == null) {
        return true;
      }
      int n = compressor.compress(plain, 0, length, again.clear(), 0, again.capacity());
      ByteBuffer original = blocks.compressed().slice(0, block.length());
      return n == block.length() && again.slice(0, n).equals(original);
    }
  }
}
