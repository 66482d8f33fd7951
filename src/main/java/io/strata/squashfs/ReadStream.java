package io.strata.squashfs;

import org.jspecify.annotations.Nullable;

/**
 * One reader that goes through a file, or through files that follow each other in the inode table,
 * and how far read-ahead is in front of it. Guarded by the lock of its {@link ReadAhead}.
 *
 * <p>Credit is what read-ahead may still do, in bytes: reading gives it back.
 */
final class ReadStream {
  /** How many reads must continue each other before anything is read ahead. */
  private static final int CONVINCED = 2;

  /** The farthest that the next file's inode is expected behind the one before, in bytes. */
  private static final int NEAR = 1024;

  private long reference = -1;
  private long end;
  private int score;
  private long credit;
  private long used;

  /** The inode that read-ahead is at, and its next block; the tail counts as one. */
  @Nullable Inode ahead;

  long aheadBlock;
  long lastFragment;

  /** Whether a worker is about to move {@link #ahead}. */
  boolean busy;

  /** Changes when {@link #ahead} is set anew: a worker's move is void then. */
  int generation;

  /** Whether this read continues the stream. */
  boolean isContinuedBy(FileInode file, long offset, int length) {
    if (file.reference() == reference) {
      long slack = 2L * length; // the kernel sends two requests at a time, in any order
      return offset >= end - slack && offset <= end + slack;
    }
    return offset == 0 && isNear(file.reference());
  }

  /** Whether the stream is at this file, wherever. */
  boolean isAt(FileInode file) {
    return file.reference() == reference;
  }

  private boolean isNear(long next) {
    if (reference < 0 || next < reference) {
      return false;
    }
    long blocks = (next >>> 16) - (reference >>> 16);
    long offsets = (next & 0xffff) - (reference & 0xffff);
    if (blocks == 0) {
      return offsets <= NEAR;
    }
    int size = MetadataBlock.SQUASHFS_METADATA_SIZE;
    return blocks <= size + MetadataBlock.HEADER_SIZE && offsets + size <= NEAR;
  }

  /** Starts a stream at a read that continues none. */
  void restart(FileInode file, long offset, int length, long time) {
    reference = file.reference();
    end = offset + length;
    score = 0;
    credit = 0;
    used = time;
    ahead = null;
    generation++;
  }

  /** Takes up a read that continues the stream. */
  void advance(FileInode file, long offset, int length, long time, long window, int blockLog) {
    boolean sameFile = file.reference() == reference;
    end = sameFile ? Math.max(end, offset + length) : offset + length;
    reference = file.reference();
    used = time;
    score = Math.min(score + 1, CONVINCED);
    if (score < CONVINCED) {
      return;
    }
    long block = (end + (1L << blockLog) - 1) >>> blockLog;
    if (isBehind(block)) {
      ahead = file;
      aheadBlock = block;
      lastFragment = -1;
      credit = window;
      generation++;
    } else {
      credit = Math.min(credit + length, window);
    }
  }

  private boolean isBehind(long block) {
    Inode at = ahead;
    return at == null
        || at.reference() < reference
        || (at.reference() == reference && aheadBlock < block);
  }

  long used() {
    return used;
  }

  /** Whether a worker should take it up. */
  boolean isWanted() {
    return !busy && credit > 0 && ahead != null;
  }

  void spend(long bytes) {
    credit -= bytes;
  }

  /** Ends read-ahead here until a read starts it again. */
  void stop() {
    credit = 0;
    ahead = null;
    score = 0;
  }
}
