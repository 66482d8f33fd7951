package io.strata.delta;

import io.strata.codec.Compressor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Makes the target once, with one compressor, on all cores: each worker decodes windows and
 * compresses blocks, whatever comes next. It ends early once a block does not come out right.
 */
final class ApplyPass {
  private final Ingredients from;
  private final TargetShape shape;
  private final StagedImage staged;
  private final @Nullable Compressor compressor;
  private final Progress progress;
  private final TargetAssembly assembly;
  private final WholePart whole;
  private final Schedule schedule;
  private final Optional<DecodedWindow> before;

  /** By their blocks; guarded by itself. */
  private final TreeMap<Integer, Mismatch> mismatches = new TreeMap<>();

  /**
   * A pass.
   *
   * @param compressor null if the target lists no block
   * @param before a window that was decoded already
   */
  ApplyPass(
      Ingredients from,
      TargetShape shape,
      StagedImage staged,
      @Nullable Compressor compressor,
      Optional<DecodedWindow> before,
      ProgressListener listener) {
    this.from = from;
    this.shape = shape;
    this.staged = staged;
    this.compressor = compressor;
    this.progress =
        new Progress(listener, ProgressListener.Step.APPLYING, from.index().targetLength());
    this.assembly = new TargetAssembly(from.index(), shape, staged);
    this.whole = new WholePart(from.index(), shape);
    this.schedule = new Schedule(from.index(), WindowOrder.of(from.index(), shape), before);
    this.before = before;
  }

  /** Makes the target, or gives the first block that does not come out right. */
  Optional<Mismatch> run() throws IOException, DeltaException {
    if (before.isPresent()) {
      schedule.add(before.get(), take(before.get()));
    }
    Workers.run(shape.blocks().size() + from.index().windows(), this::work);
    synchronized (mismatches) {
      return Optional.ofNullable(mismatches.firstEntry()).map(entry -> entry.getValue());
    }
  }

  /** The same, with what it made digested meanwhile by a thread of its own. */
  Optional<Mismatch> run(MessageDigest digest) throws IOException, DeltaException {
    try (ExecutorService follower = Executors.newSingleThreadExecutor()) {
      var digested = follower.submit(new FollowingDigest(staged, whole, digest));
      Optional<Mismatch> mismatch;
      try {
        mismatch = run();
      } finally {
        whole.end();
      }
      Workers.await(digested);
      return mismatch;
    }
  }

  private void work() throws IOException, DeltaException {
    try (Arena memory = Arena.ofConfined();
        ExpandedImage source = from.source()) {
      VcdiffDecoder decoder = from.decoder(source);
      @Nullable BlockCompressor blocks =
          compressor == null
              ? null
              : new BlockCompressor(compressor, shape.blocks(), staged, memory);
      for (var job = schedule.next(); job != null; job = schedule.next()) {
        PlainBlock block = job.block();
        if (block == null) {
          decoder.decode(job.window(), job.buffer());
          DecodedWindow window = new DecodedWindow(job.window(), job.buffer());
          schedule.decoded(window, take(window));
        } else if (blocks != null) {
          compress(block, blocks);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DeltaException("interrupted", e);
    } finally {
      schedule.stop(); // there is nothing more, or this worker failed
    }
  }

  private List<PlainBlock> take(DecodedWindow window) throws IOException {
    List<PlainBlock> found = assembly.take(window);
    whole.addWindow(window.number());
    progress.add(notInBlocks(window.number()));
    return found;
  }

  /** How many bytes of a window are not of blocks, which count when they are compressed. */
  private long notInBlocks(int window) {
    long start = from.index().start(window);
    long end = start + from.index().length(window);
    long plainEnd = shape.imageLength() + shape.blocks().uncompressedLength();
    long inBlocks = Math.min(end, plainEnd) - Math.max(start, shape.imageLength());
    return end - start - Math.max(inBlocks, 0);
  }

  private void compress(PlainBlock block, BlockCompressor blocks) throws IOException {
    @Nullable Mismatch mismatch = blocks.compress(block);
    if (mismatch == null) {
      schedule.compressed(block);
      whole.addBlock(block.number());
      progress.add(shape.blocks().uncompressedLength(block.number()));
      return;
    }
    synchronized (mismatches) {
      mismatches.put(mismatch.block(), mismatch);
    }
    schedule.stop();
  }
}
