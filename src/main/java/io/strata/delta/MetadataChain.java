package io.strata.delta;

import io.strata.codec.CodecException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A chain of metadata blocks, read from start to end as one stream of little-endian values.
 *
 * <p>A metadata block is a 16-bit length, whose highest bit says that the block is not compressed,
 * and at most 8 KiB of data.
 */
final class MetadataChain {
  static final int METADATA_SIZE = 8192;
  private static final int UNCOMPRESSED = 0x8000;

  private final ImageFile image;
  private final long end;
  private final List<Block> found;
  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(METADATA_SIZE).order(ByteOrder.LITTLE_ENDIAN).limit(0);
  private final ByteBuffer value = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private long next;

  /**
   * A chain.
   *
   * @param start where its first block starts in the image
   * @param end where it must end at the latest
   * @param found gets each compressed block that is read
   */
  MetadataChain(ImageFile image, long start, long end, List<Block> found) {
    this.image = image;
    this.next = start;
    this.end = end;
    this.found = found;
  }

  int u16() throws IOException, DeltaException {
    return value(Short.BYTES).getShort(0) & 0xffff;
  }

  int i32() throws IOException, DeltaException {
    return value(Integer.BYTES).getInt(0);
  }

  long u32() throws IOException, DeltaException {
    return Integer.toUnsignedLong(i32());
  }

  long i64() throws IOException, DeltaException {
    return value(Long.BYTES).getLong(0);
  }

  void skip(long length) throws IOException, DeltaException {
    long left = length;
    while (left > 0) {
      fill();
      int n = (int) Math.min(left, buffer.remaining());
      buffer.position(buffer.position() + n);
      left -= n;
    }
  }

  /** Reads all blocks up to the end of the chain, for the sake of their places. */
  void readToEnd() throws IOException, DeltaException {
    while (next < end) {
      buffer.limit(0);
      fill();
    }
  }

  private ByteBuffer value(int length) throws IOException, DeltaException {
    for (int i = 0; i < length; i++) {
      fill();
      value.put(i, buffer.get());
    }
    return value;
  }

  private void fill() throws IOException, DeltaException {
    while (!buffer.hasRemaining()) {
      nextBlock();
    }
  }

  private void nextBlock() throws IOException, DeltaException {
    if (end - next < Short.BYTES) {
      throw new DeltaException("the metadata at offset " + next + " ends too early");
    }
    int head = image.bytes(next, Short.BYTES).getShort(0) & 0xffff;
    int length = head & ~UNCOMPRESSED;
    long offset = next + Short.BYTES;
    if (length == 0 || length > METADATA_SIZE || length > end - offset) {
      throw new DeltaException("the metadata block at offset " + next + " has length " + length);
    }
    buffer.clear();
    if ((head & UNCOMPRESSED) != 0) {
      buffer.put(image.bytes(offset, length)).flip();
    } else {
      decompress(offset, length);
    }
    next = offset + length;
  }

  private void decompress(long offset, int length) throws IOException, DeltaException {
    try {
      int n = image.blocks().decompress(offset, length, buffer, METADATA_SIZE);
      buffer.limit(n);
      found.add(new Block(offset, length, n));
    } catch (CodecException e) {
      throw new DeltaException("the metadata block at offset " + offset + ": " + e.getMessage(), e);
    }
  }
}
