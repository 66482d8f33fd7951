package io.strata.squashfs;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the decoded bytes of a table in order, across its blocks. For one thread at a time.
 *
 * <p>It only moves forwards from where it was set, and ends at the end of the table, so no chain of
 * blocks is endless.
 */
final class MetadataCursor {
  private static final byte[] NOTHING = {};

  private final MetadataTable table;
  private final byte[] crossing = new byte[Long.BYTES];
  private @Nullable MetadataBlock block;
  private byte[] bytes = NOTHING;
  private int offset;

  MetadataCursor(MetadataTable table) {
    this.table = table;
  }

  /** Sets it to a reference: block offset from the table's start, shifted by 16, plus offset. */
  void seek(long reference) throws IOException {
    seek(reference >>> 16, (int) (reference & 0xffff));
  }

  /** Sets it to {@code offset} in the block that begins {@code blockStart} behind the table's. */
  void seek(long blockStart, int offset) throws IOException {
    if (blockStart < 0 || blockStart >= table.end() - table.start()) {
      throw table.corrupt(table.start(), "a reference to byte " + blockStart + " of the table");
    }
    enter(table.block(table.start() + blockStart));
    if (offset < 0 || offset > bytes.length) {
      throw corrupt("a reference to offset " + offset + " of a block of " + bytes.length);
    }
    this.offset = offset;
  }

  /** The reference of what comes next. */
  long reference() {
    return ((position() - table.start()) << 16) | offset;
  }

  /** The reference of what comes next, in the block that holds its first byte. */
  long referenceOfNext() throws IOException {
    available();
    return reference();
  }

  /** The position of the block that holds what comes next. */
  long position() {
    return block == null ? table.start() : block.position();
  }

  int u16() throws IOException {
    if (bytes.length - offset < Short.BYTES) {
      read(crossing, 0, Short.BYTES);
      return LittleEndian.u16(crossing, 0);
    }
    int value = LittleEndian.u16(bytes, offset);
    offset += Short.BYTES;
    return value;
  }

  /** A 32-bit value as it is; {@link #u32} gives it unsigned. */
  int s32() throws IOException {
    if (bytes.length - offset < Integer.BYTES) {
      read(crossing, 0, Integer.BYTES);
      return LittleEndian.s32(crossing, 0);
    }
    int value = LittleEndian.s32(bytes, offset);
    offset += Integer.BYTES;
    return value;
  }

  long u32() throws IOException {
    return Integer.toUnsignedLong(s32());
  }

  long s64() throws IOException {
    if (bytes.length - offset < Long.BYTES) {
      read(crossing, 0, Long.BYTES);
      return LittleEndian.s64(crossing, 0);
    }
    long value = LittleEndian.s64(bytes, offset);
    offset += Long.BYTES;
    return value;
  }

  /** Reads the next {@code length} bytes. */
  void read(byte[] target, int at, int length) throws IOException {
    int done = 0;
    while (done < length) {
      int piece = Math.min(available(), length - done);
      System.arraycopy(bytes, offset, target, at + done, piece);
      offset += piece;
      done += piece;
    }
  }

  void skip(long length) throws IOException {
    long left = length;
    while (left > 0) {
      int piece = (int) Math.min(available(), left);
      offset += piece;
      left -= piece;
    }
  }

  /** How many bytes the current block has left, at least 1: enters the next one at its end. */
  private int available() throws IOException {
    if (offset == bytes.length) {
      MetadataBlock current = block;
      enter(table.block(current == null ? table.start() : current.next()));
    }
    return bytes.length - offset;
  }

  /** The most bytes that the table can decode to. */
  long capacity() {
    return table.capacity();
  }

  private void enter(MetadataBlock next) {
    block = next;
    bytes = next.bytes();
    offset = 0;
  }

  CorruptImageException corrupt(String problem) {
    return table.corrupt(position(), problem);
  }
}
