package io.strata.delta;

import java.util.BitSet;

/** How much of the target is whole from its start on, while it is being made. Thread-safe. */
final class WholePart {
  private final PatchIndex index;
  private final TargetShape shape;

  // All of these are guarded by this.
  private final BitSet windows = new BitSet(); // those whose own bytes are written
  private final BitSet blocks = new BitSet(); // those that are in their places
  private int firstWindow; // the first that is not
  private int firstBlock; // the first that is not
  private boolean ended;

  WholePart(PatchIndex index, TargetShape shape) {
    this.index = index;
    this.shape = shape;
  }

  /** What a window has of the image itself is written. */
  synchronized void addWindow(int window) {
    windows.set(window);
    firstWindow = windows.nextClearBit(firstWindow);
    notifyAll();
  }

  /** A block is in its place. */
  synchronized void addBlock(int block) {
    blocks.set(block);
    firstBlock = blocks.nextClearBit(firstBlock);
    notifyAll();
  }

  /** Nothing more comes. */
  synchronized void end() {
    ended = true;
    notifyAll();
  }

  /**
   * Waits until more than {@code length} bytes are whole, or nothing more comes.
   *
   * @return how many are whole now
   */
  synchronized long awaitMore(long length) throws InterruptedException {
    while (!ended && length() <= length) {
      wait();
    }
    return length();
  }

  private long length() {
    long length = shape.imageLength();
    if (firstWindow < index.windows()) {
      length = Math.min(length, index.start(firstWindow));
    }
    if (firstBlock < shape.blocks().size()) {
      length = Math.min(length, shape.blocks().offset(firstBlock));
    }
    return length;
  }
}
