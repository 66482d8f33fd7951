package io.strata.squashfs;

import io.strata.posix.NativeBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads the bytes of files. Thread-safe; allocates nothing per read. */
final class FileReader {
  private static final int ZEROS_SIZE = 1 << 16;
  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(ZEROS_SIZE).asReadOnlyBuffer();

  /** How many blocks of a request may be put off while another thread loads them. */
  private static final int MAX_POSTPONED = 64;

  private final MetadataTable inodes;
  private final FragmentTable fragments;
  private final BlockCache cache;
  private final int blockSize;
  private final int blockLog;
  private final ThreadLocal<MetadataCursor> cursors;

  FileReader(MetadataTable inodes, FragmentTable fragments, BlockCache cache, int blockSize) {
    this.inodes = inodes;
    this.fragments = fragments;
    this.cache = cache;
    this.blockSize = blockSize;
    this.blockLog = Integer.numberOfTrailingZeros(blockSize);
    this.cursors = ThreadLocal.withInitial(inodes::cursor);
  }

  /** See {@link SquashFsImage#read}; {@code length} ends inside the file. */
  void read(FileInode file, long offset, int length, NativeBuffer target, int targetOffset)
      throws IOException {
    long first = offset >>> blockLog;
    long last = (offset + length - 1) >>> blockLog;
    long blocks = Math.min(last + 1, file.blocks().count());
    if (first < blocks) {
      long postponed =
          readBlocks(file, first, blocks, offset, length, target, targetOffset, false, ~0L);
      if (postponed != 0) {
        readBlocks(file, first, blocks, offset, length, target, targetOffset, true, postponed);
      }
    }
    if (last >= blocks) {
      readTail(file, offset, length, target, targetOffset);
    }
  }

  /**
   * Reads blocks {@code first} to {@code end - 1}.
   *
   * @param wait whether to wait for blocks that other threads load; else they are put off, and this
   *     thread does something useful meanwhile
   * @param wanted a bit for each of the first 64 blocks; those behind are wanted if {@code wait} is
   *     false
   * @return bits of the blocks that were put off
   */
  private long readBlocks(
      FileInode file,
      long first,
      long end,
      long offset,
      int length,
      NativeBuffer target,
      int targetOffset,
      boolean wait,
      long wanted)
      throws IOException {
    MetadataCursor words = cursors.get();
    long position = file.blocks().seek(first, words);
    long postponed = 0;
    for (long block = first; block < end; block++) {
      int word = words.s32();
      long start = block << blockLog;
      int from = (int) Math.max(offset - start, 0);
      int size = (int) Math.min(blockSize, file.size() - start);
      int count = (int) Math.min(size - from, offset + length - start - from);
      int at = targetOffset + (int) (start + from - offset);
      long number = block - first;
      boolean early = number < MAX_POSTPONED;
      if (early ? (wanted >>> number & 1) != 0 : !wait) {
        if (!readBlock(position, word, size, from, count, target, at, wait || !early)) {
          postponed |= 1L << number;
        }
      }
      position += BlockList.storedSize(word);
    }
    return postponed;
  }

  private boolean readBlock(
      long position,
      int word,
      int size,
      int from,
      int count,
      NativeBuffer target,
      int at,
      boolean wait)
      throws IOException {
    if (BlockList.isHole(word)) {
      fillZeros(target, at, count);
      return true;
    }
    return cache.copy(position, word, size, from, count, target, at, wait) != BlockCache.BUSY;
  }

  private void fillZeros(NativeBuffer target, int at, int count) {
    int done = 0;
    while (done < count) {
      int piece = Math.min(ZEROS_SIZE, count - done);
      target.bytes().put(at + done, ZEROS, 0, piece);
      done += piece;
    }
  }

  private void readTail(
      FileInode file, long offset, int length, NativeBuffer target, int targetOffset)
      throws IOException {
    long tailStart = file.blocks().count() << blockLog;
    long number = Integer.toUnsignedLong(file.fragment());
    if (!file.hasFragment() || number >= fragments.count()) {
      throw inodes.corrupt(
          inodes.start() + (file.reference() >>> 16), "a file's tail in fragment " + number);
    }
    long from = Math.max(offset - tailStart, 0);
    int at = (int) (tailStart + from - offset);
    int count = length - at;
    if (file.fragmentOffset() > blockSize - (file.size() - tailStart)) {
      throw inodes.corrupt(
          inodes.start() + (file.reference() >>> 16),
          "a file's tail at byte " + file.fragmentOffset() + " of a fragment");
    }
    int inFragment = (int) (file.fragmentOffset() + from);
    long position = fragments.position(number);
    int word = fragments.word(number);
    cache.copy(position, word, -1, inFragment, count, target, targetOffset + at, true);
  }

  /** Finds the first byte from {@code offset} on that is in a hole, or is not: -1 if none. */
  long seek(FileInode file, long offset, boolean hole) throws IOException {
    MetadataCursor words = cursors.get();
    long count = file.blocks().count();
    long block = offset >>> blockLog;
    if (block < count) {
      file.blocks().seek(block, words);
      for (; block < count; block++) {
        if (BlockList.isHole(words.s32()) == hole) {
          return Math.max(offset, block << blockLog);
        }
      }
    }
    long tail = Math.max(offset, count << blockLog);
    boolean hasTail = tail < file.size();
    return hole ? file.size() : hasTail ? tail : -1;
  }
}
