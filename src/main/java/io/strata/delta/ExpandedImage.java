package io.strata.delta;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/**
 * The expanded form of an image, without anywhere holding it whole: what is read from next of the
 * image is mapped, its blocks are decompressed when they are wanted. For one thread.
 */
final class ExpandedImage implements RandomBytes, AutoCloseable {
  private final FileChannel image;
  private final long imageLength;
  private final BlockList blocks;
  private final DecompressedBlocks decompressed;
  private final byte[] header;

  /** What is mapped, from {@link #mappedAt} of the image on. */
  private MemorySegment mapped = MemorySegment.NULL;

  private long mappedAt;
  private Arena mapping = Arena.ofConfined();

  /**
   * Opens an image.
   *
   * @param imageLength its length in bytes
   * @param blocks was checked against this image
   * @param budget bytes of memory for decompressed blocks; there is always room for one
   */
  ExpandedImage(
      FileChannel image, long imageLength, SqdeltaHeader header, BlockList blocks, int budget) {
    this.image = image;
    this.imageLength = imageLength;
    this.blocks = blocks;
    this.decompressed = new DecompressedBlocks(image, header.compression(), blocks, budget);
    ByteBuffer bytes = ByteBuffer.allocate(SqdeltaHeader.SIZE);
    header.write(bytes);
    this.header = bytes.array();
  }

  @Override
  public long length() {
    return imageLength + blocks.uncompressedLength() + listLength() + header.length;
  }

  private int listLength() {
    return blocks.size() * BlockList.ENTRY_SIZE;
  }

  @Override
  public void focus(long offset, long length) throws IOException {
    mapping.close();
    mapping = Arena.ofConfined();
    mappedAt = Math.min(offset, imageLength);
    long end = Math.min(offset + length, imageLength);
    mapped =
        end > mappedAt
            ? image.map(FileChannel.MapMode.READ_ONLY, mappedAt, end - mappedAt, mapping)
            : MemorySegment.NULL;
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
    if (offset < imageLength) {
      return readImage(offset, target, at, length);
    }
    long behind = offset - imageLength;
    if (behind < blocks.uncompressedLength()) {
      return readBlock(behind, target, at, length);
    }
    int inTail = (int) (behind - blocks.uncompressedLength());
    int inHeader = inTail - listLength();
    if (inHeader >= 0) {
      System.arraycopy(header, inHeader, target, at, length);
      return length;
    }
    int n = Math.min(length, -inHeader);
    blocks.copy(inTail, target, at, n);
    return n;
  }

  private int readImage(long offset, byte[] target, int at, int length) throws IOException {
    int block = blocks.atOrBefore(offset);
    if (block >= 0 && offset < blocks.end(block)) {
      int n = (int) Math.min(length, blocks.end(block) - offset);
      Arrays.fill(target, at, at + n, (byte) 0);
      return n;
    }
    long end = block + 1 < blocks.size() ? blocks.offset(block + 1) : imageLength;
    int n = (int) Math.min(length, end - offset);
    try {
      MemorySegment.copy(mapped, ValueLayout.JAVA_BYTE, offset - mappedAt, target, at, n);
    } catch (InternalError e) {
      throw new IOException("the source can't be read at offset " + offset, e);
    }
    return n;
  }

  private int readBlock(long behind, byte[] target, int at, int length)
      throws IOException, DeltaException {
    int block = blocks.plainAt(behind);
    int inside = (int) (behind - blocks.plainStart(block));
    int n = Math.min(length, blocks.uncompressedLength(block) - inside);
    decompressed.get(block).get(inside, target, at, n);
    return n;
  }

  @Override
  public void close() {
    mapping.close();
    decompressed.close();
  }
}
