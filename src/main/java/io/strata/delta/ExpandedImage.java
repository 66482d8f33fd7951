package io.strata.delta;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/**
 * The expanded form of an image, without anywhere holding it whole: the image is mapped, its blocks
 * are decompressed when they are wanted.
 */
final class ExpandedImage implements RandomBytes {
  private final MemorySegment image;
  private final BlockList blocks;
  private final DecompressedBlocks decompressed;
  private final byte[] tail;

  /** Where each block starts behind the image, and where the last one ends. */
  private final long[] starts;

  /**
   * Opens an image.
   *
   * @param blocks was checked against this image
   * @param arena ends the mapping
   */
  ExpandedImage(FileChannel image, SqdeltaHeader header, BlockList blocks, Arena arena)
      throws IOException {
    this.image = image.map(FileChannel.MapMode.READ_ONLY, 0, image.size(), arena);
    this.blocks = blocks;
    this.decompressed = new DecompressedBlocks(image, header.compression(), blocks);
    this.tail = tail(header, blocks);
    this.starts = new long[blocks.size() + 1];
    for (int i = 0; i < blocks.size(); i++) {
      starts[i + 1] = starts[i] + blocks.uncompressedLength(i);
    }
  }

  private static byte[] tail(SqdeltaHeader header, BlockList blocks) {
    ByteBuffer tail = ByteBuffer.allocate(header.lengthWithList());
    blocks.write(tail);
    header.write(tail);
    return tail.array();
  }

  @Override
  public long length() {
    return image.byteSize() + blocks.uncompressedLength() + tail.length;
  }

  @Override
  public void read(long offset, byte[] target, int at, int length)
      throws IOException, DeltaException {
    int done = 0;
    while (done < length) {
      done += readSome(offset + done, target, at + done, length - done);
    }
  }

  private int readSome(long offset, byte[] target, int at, int length)
      throws IOException, DeltaException {
    if (offset < image.byteSize()) {
      return readImage(offset, target, at, length);
    }
    long behind = offset - image.byteSize();
    if (behind < blocks.uncompressedLength()) {
      return readBlock(behind, target, at, length);
    }
    System.arraycopy(tail, (int) (behind - blocks.uncompressedLength()), target, at, length);
    return length;
  }

  private int readImage(long offset, byte[] target, int at, int length) throws IOException {
    int block = blockAtOrBefore(offset);
    if (block >= 0 && offset < blocks.offset(block) + blocks.length(block)) {
      int n = (int) Math.min(length, blocks.offset(block) + blocks.length(block) - offset);
      Arrays.fill(target, at, at + n, (byte) 0);
      return n;
    }
    long end = block + 1 < blocks.size() ? blocks.offset(block + 1) : image.byteSize();
    int n = (int) Math.min(length, end - offset);
    try {
      MemorySegment.copy(image, ValueLayout.JAVA_BYTE, offset, target, at, n);
    } catch (InternalError e) {
      throw new IOException("the source can't be read at offset " + offset, e);
    }
    return n;
  }

  private int readBlock(long behind, byte[] target, int at, int length)
      throws IOException, DeltaException {
    int found = Arrays.binarySearch(starts, behind);
    int block = found >= 0 ? found : -found - 2;
    int inside = (int) (behind - starts[block]);
    int n = Math.min(length, blocks.uncompressedLength(block) - inside);
    decompressed.get(block).get(inside, target, at, n);
    return n;
  }

  /** The last block that starts at {@code offset} or before it, or -1. */
  private int blockAtOrBefore(long offset) {
    int low = 0;
    int high = blocks.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (blocks.offset(middle) <= offset) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return high;
  }
}
