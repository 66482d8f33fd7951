package io.strata.squashfs;

import io.strata.codec.CodecException;
import io.strata.codec.Decompressor;
import io.strata.posix.NativeBuffer;
import java.io.IOException;
import java.util.concurrent.atomic.LongAdder;

/** Reads data blocks and fragments from the image and decompresses them. Thread-safe. */
final class BlockLoader {
  private static final int WORD_BITS = 25;

  private final ImageFile file;
  private final Decompressor decompressor;
  private final int blockSize;
  private final long end;
  private final LongAdder loads = new LongAdder();
  private final ThreadLocal<NativeBuffer> stored;

  BlockLoader(ImageFile file, Decompressor decompressor, Superblock superblock) {
    this.file = file;
    this.decompressor = decompressor;
    this.blockSize = superblock.blockSize();
    this.end = superblock.bytesUsed();
    this.stored = ThreadLocal.withInitial(() -> NativeBuffer.allocate(blockSize));
  }

  int blockSize() {
    return blockSize;
  }

  /** How many blocks were loaded so far. */
  long loads() {
    return loads.sum();
  }

  /**
   * Loads one block.
   *
   * @param position where it lies in the image
   * @param word its size word, not that of a hole
   * @param target takes the decompressed bytes from {@code targetOffset} on
   * @param capacity the most bytes that it may have
   * @return how many bytes it has
   */
  int load(long position, int word, NativeBuffer target, int targetOffset, int capacity)
      throws IOException {
    int size = BlockList.storedSize(word);
    check(position, word, size);
    loads.increment();
    if (!BlockList.isCompressed(word)) {
      if (size > capacity) {
        throw corrupt(position, "it yields " + size + " bytes, more than " + capacity);
      }
      file.readFully(position, size, target, targetOffset);
      return size;
    }
    NativeBuffer source = stored.get();
    file.readFully(position, size, source, 0);
    try {
      return decompressor.decompress(
          source.bytes(), 0, size, target.bytes(), targetOffset, capacity);
    } catch (CodecException e) {
      throw corrupt(position, String.valueOf(e.getMessage()));
    }
  }

  private void check(long position, int word, int size) throws CorruptImageException {
    if (word >>> WORD_BITS != 0 || size == 0 || size > blockSize) {
      throw corrupt(position, "its size word is 0x" + Integer.toHexString(word));
    }
    if (position < Superblock.SIZE || position > end - size) {
      throw corrupt(position, size + " bytes there are outside of the image of " + end);
    }
  }

  CorruptImageException corrupt(long position, String problem) {
    return file.corrupt("data block", position, problem);
  }
}
