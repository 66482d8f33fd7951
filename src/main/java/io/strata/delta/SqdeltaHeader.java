package io.strata.delta;

import java.nio.ByteBuffer;

/**
 * The header of a delta, which also ends each expanded file.
 *
 * @param compression how the listed blocks are compressed
 * @param blockCount how many blocks are listed, 0 to {@link BlockList#MAX_BLOCKS}
 */
public record SqdeltaHeader(SqdeltaCompression compression, int blockCount) {
  /** The first word. */
  public static final int MAGIC = 0x5371ceb4;

  /** Length in bytes. */
  public static final int SIZE = 16;

  /**
   * Reads and checks a header.
   *
   * @param bytes big-endian, with at least {@link #SIZE} bytes from {@code at} on
   * @throws DeltaException if it is not one, or of a version or compressor that is not known
   */
  public static SqdeltaHeader read(ByteBuffer bytes, int at) throws DeltaException {
    int magic = bytes.getInt(at);
    int flags = bytes.getInt(at + 4);
    int compression = bytes.getInt(at + 8);
    int count = bytes.getInt(at + 12);
    if (magic != MAGIC) {
      throw new DeltaException("not an .sqdelta header: magic 0x%08x".formatted(magic));
    }
    if (flags != 0) {
      throw new DeltaException("unknown flags 0x%08x".formatted(flags));
    }
    if (count < 0 || count > BlockList.MAX_BLOCKS) {
      throw new DeltaException("too many blocks: " + Integer.toUnsignedString(count));
    }
    return new SqdeltaHeader(compression(compression, count), count);
  }

  private static SqdeltaCompression compression(int value, int count) throws DeltaException {
    if (count > 0) {
      return SqdeltaCompression.of(value);
    }
    try {
      return SqdeltaCompression.of(value);
    } catch (DeltaException _) {
      return new SqdeltaCompression.None(value);
    }
  }

  /** Length of the header and the list after it, in bytes. */
  public int lengthWithList() {
    return SIZE + blockCount * BlockList.ENTRY_SIZE;
  }

  /** Writes the header at the position of {@code out}, which is big-endian. */
  void write(ByteBuffer out) {
    out.putInt(MAGIC).putInt(0).putInt(compression.value()).putInt(blockCount);
  }
}
