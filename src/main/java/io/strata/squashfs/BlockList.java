package io.strata.squashfs;

import java.io.IOException;
import java.util.Arrays;

/**
 * Where a file's data blocks lie. The size words stand in the inode table; a block lies where the
 * stored sizes of those before it end.
 *
 * <p>Thread-safe. Remembers where every 256th block lies once it went by, so that reaching a block
 * takes at most 256 steps; in a list of more than a million blocks the steps are longer. This
 * memory grows only as far as blocks were reached, to at most 64 KiB, and only the lists of a
 * {@link BlockListShelf} have any.
 */
public final class BlockList {
  private static final int MIN_STRIDE_LOG = 8;
  private static final int MAX_CHECKPOINTS = 4096;
  private static final long[] NOTHING = {};

  /**
   * The most blocks of a file that are believed: 16 TiB of blocks of 128 KiB. A list is read from
   * its start, so its length is what a request can cost.
   */
  static final long MAX_COUNT = 1L << 27;

  /** Bit 24 of a size word: {@code SQUASHFS_COMPRESSED_BIT_BLOCK}, set if stored uncompressed. */
  static final int SQUASHFS_COMPRESSED_BIT_BLOCK = 1 << 24;

  private static final int SIZE_MASK = SQUASHFS_COMPRESSED_BIT_BLOCK - 1;

  private final long listReference;
  private final long dataStart;
  private final long count;
  private final BlockListShelf shelf;
  private final int strideLog;
  private long[] checkpoints = NOTHING; // guarded by this: data position, reference; from stride 1
  private int known; // guarded by this: how many checkpoints there are

  /**
   * A list.
   *
   * @param listReference where the first size word stands
   * @param dataStart the position of the first block
   * @param count how many blocks there are, at most {@link #MAX_COUNT}
   * @param shelf what bounds the memory of all lists of the image
   */
  BlockList(long listReference, long dataStart, long count, BlockListShelf shelf) {
    this.listReference = listReference;
    this.dataStart = dataStart;
    this.count = count;
    this.shelf = shelf;
    int log = MIN_STRIDE_LOG;
    while (count >>> log > MAX_CHECKPOINTS) {
      log++;
    }
    this.strideLog = log;
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
      int checkpoint = (int) Math.min(index >>> strideLog, known);
      if (checkpoint > 0) {
        at = (long) checkpoint << strideLog;
        position = checkpoints[2 * checkpoint - 2];
        reference = checkpoints[2 * checkpoint - 1];
      }
    }
    cursor.seek(reference);
    return walk(at, position, index, cursor);
  }

  private long walk(long from, long start, long index, MetadataCursor cursor) throws IOException {
    long position = start;
    long stride = 1L << strideLog;
    for (long at = from; at < index; ) {
      position += storedSize(cursor.s32());
      at++;
      if ((at & stride - 1) == 0 && remember(at >>> strideLog, position, cursor.reference())) {
        shelf.add(this);
      }
    }
    return position;
  }

  /** Gives whether this is the first thing that is remembered. */
  private synchronized boolean remember(long checkpoint, long position, long reference) {
    if (checkpoint != known + 1L) {
      return false;
    }
    boolean first = known == 0;
    if (checkpoints.length < 2 * checkpoint) {
      checkpoints = Arrays.copyOf(checkpoints, (int) Math.max(16, 4 * checkpoint));
    }
    checkpoints[2 * known] = position;
    checkpoints[2 * known + 1] = reference;
    known++;
    return first;
  }

  /** Gives up what is remembered. */
  synchronized void forget() {
    checkpoints = NOTHING;
    known = 0;
  }
}
