package io.strata.delta;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Deals out the windows of a patch in order, and the blocks that come of them, to any number of
 * workers. Blocks go first, so that few windows are in memory at a time; and there are never more
 * than fit the budget, or one.
 */
final class Schedule {
  /** The most bytes of memory for windows and their sections. */
  private static final long BUDGET = 96 << 20;

  /** What a worker is to do next. */
  record Job(@Nullable PlainBlock block, int window, byte[] buffer) {}

  private final PatchIndex index;
  private final int[] order;

  /** Less than {@link #BUDGET} where the heap is small; a window that takes more is alone. */
  private final long budget = Math.min(BUDGET, Runtime.getRuntime().maxMemory() / 3);

  private final int done; // the window that was decoded before, or -1

  // All of these are guarded by this.
  private final Queue<PlainBlock> blocks = new ArrayDeque<>();
  private final Queue<byte[]> buffers = new ArrayDeque<>(); // not in use now
  private int next; // in the order
  private int decoding;
  private long inMemory;
  private boolean stopped;

  /**
   * The windows of a patch.
   *
   * @param order their numbers, in the order in which they are dealt out
   * @param before one that was decoded already, and is not dealt out
   */
  Schedule(PatchIndex index, int[] order, Optional<DecodedWindow> before) {
    this.index = index;
    this.order = order;
    this.done = before.map(DecodedWindow::number).orElse(-1);
    before.ifPresent(window -> inMemory += index.length(window.number()));
  }

  /** What to do next; waits for it, and gives null when there is nothing more. */
  synchronized @Nullable Job next() throws InterruptedException {
    while (!stopped) {
      PlainBlock block = blocks.poll();
      if (block != null) {
        return new Job(block, -1, block.bytes());
      }
      if (next < order.length && order[next] == done) {
        next++;
      }
      if (next < order.length) {
        if (inMemory == 0 || inMemory + index.memory(order[next]) <= budget) {
          return window(order[next++]);
        }
      } else if (decoding == 0) {
        return null;
      }
      wait();
    }
    return null;
  }

  private Job window(int window) {
    decoding++;
    inMemory += index.memory(window);
    return new Job(null, window, buffer(index.length(window)));
  }

  /** One that was in use before, unless it is too short, or much too long for what it counts. */
  private byte[] buffer(int length) {
    byte[] buffer = buffers.poll();
    if (buffer != null && buffer.length >= length && buffer.length / 2 <= length) {
      return buffer;
    }
    buffers.clear();
    return new byte[length];
  }

  /** A window that {@link #next} gave was decoded, and these blocks came of it. */
  synchronized void decoded(DecodedWindow window, List<PlainBlock> found) {
    decoding--;
    inMemory -= index.memory(window.number()) - index.length(window.number());
    add(window, found);
  }

  /** These blocks came of the window that was decoded before. */
  synchronized void add(DecodedWindow window, List<PlainBlock> found) {
    for (PlainBlock block : found) {
      window.blocksLeft += block.window() == null ? 0 : 1;
    }
    blocks.addAll(found);
    if (window.blocksLeft == 0) {
      free(window);
    }
    notifyAll();
  }

  /** A block that {@link #next} gave is in its place. */
  synchronized void compressed(PlainBlock block) {
    DecodedWindow window = block.window();
    if (window != null && --window.blocksLeft == 0) {
      free(window);
      notifyAll();
    }
  }

  private void free(DecodedWindow window) {
    inMemory -= index.length(window.number());
    buffers.add(window.bytes());
  }

  /** Nothing more is to be done: the next {@link #next} of each worker gives null. */
  synchronized void stop() {
    stopped = true;
    notifyAll();
  }
}
