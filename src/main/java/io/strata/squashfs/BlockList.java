package io.strata.squashfs;

import java.io.IOException;
import java.util.Arrays;

/**
 * Where a file's data blocks lie. The size words stand in the inode table; a block lies where the
 * stored sizes of those before it end.
 *
 * <p>Thread-safe. Remembers where every 256th block lies once it went by, so that reaching a block
 * takes at most 256 steps; this memory grows only as far as blocks were reached.
 */
public final class BlockList {
  private static final int STRIDE_LOG = 8;
  private static final int STRIDE = 1 << STRIDE_LOG;

  /** Bit 24 of a size word: {@code SQUASHFS_COMPRESSED_BIT_BLOCK}, set if stored uncompressed. */
  static final int SQUASHFS_COMPRESSED_BIT_BLOCK = 1 << 24;

  private static final int SIZE_MASK = SQUASHFS_COMPRESSED_BIT_BLOCK - 1;

  private final long listReference;
  private final long dataStart;
  private final long count;
  private long[] checkpoints = {}; // guarded by this: data position, reference; by stride from 1
  private int known; // guarded by this: how many checkpoints there are

  BlockList(long listReference, long dataStart, long count) {
    this.listReference = listReference;
    this.dataStart = dataStart;
    this.count = count;
  }

  /** How many blocks there are, holes included. */
  public long count() {
    return count;
  }

  /** Where the first size word stands. */
  long listReference() {
    return listReference;
  }

  /** The position of the first block. */
  long dataStart() {
    return dataStart;
  }

  /** The bytes that a block takes in the image, by its size word. */
  static int storedSize(int word) {
    return word & SIZE_MASK;
  }

  static boolean isCompressed(int word) {
    return (word & SQUASHFS_COMPRESSED_BIT_BLOCK) == 0;
  }

  /** Whether a block with this size word is all zeros, and not stored. */
  static boolean isHole(int word) {
    return word == 0;
  }

  /**
   * Sets {@code cursor} to the size word of block {@code index}.
   *
   * @return the position where that block lies
   */
  long seek(long index, MetadataCursor cursor) throws IOException {
    long at = 0;
    long position = dataStart;
    long reference = listReference;
    synchronized (this) {
      int checkpoint = (int) Math.min(index >>> STRIDE_LOG, known);
      if (checkpoint > 0) {
        at = (long) checkpoint << STRIDE_LOG;
        position = checkpoints[2 * checkpoint - 2];
        reference = checkpoints[2 * checkpoint - 1];
      }
    }
    cursor.seek(reference);
    return walk(at, position, index, cursor);
  }

  private long walk(long from, long start, long index, MetadataCursor cursor) throws IOException {
    long position = start;
    for (long at = from; at < index; ) {
      position += storedSize(cursor.s32());
      at++;
      if ((at & STRIDE - 1) == 0) {
        remember(at >>> STRIDE_LOG, position, cursor.reference());
      }
    }
    return position;
  }

  private synchronized void remember(long checkpoint, long position, long reference) {
    if (checkpoint != known + 1L || checkpoint > Integer.MAX_VALUE / 4) {
      return;
    }
    if (checkpoints.length < 2 * checkpoint) {
      checkpoints = Arrays.copyOf(checkpoints, (int) Math.max(16, 4 * checkpoint));
    }
    checkpoints[2 * known] = position;
    checkpoints[2 * known + 1] = reference;
    known++;
  }
}
