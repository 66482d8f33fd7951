package io.strata.squashfs;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;

/** A table of metadata blocks in the making, stored as they are or as zlib streams. */
final class TableBytes {
  private static final int SIZE = 8192;
  private static final int UNCOMPRESSED = 0x8000;

  private final boolean compressed;
  private final List<byte[]> blocks = new ArrayList<>(); // decoded, all but the last one whole
  private final ByteArrayOutputStream packed = new ByteArrayOutputStream();
  private final List<Long> starts = new ArrayList<>();
  private ByteBuffer block = newBlock();

  TableBytes(boolean compressed) {
    this.compressed = compressed;
  }

  private static ByteBuffer newBlock() {
    return ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Where what comes next will lie: block shifted by 16, plus offset. */
  long reference() {
    if (!block.hasRemaining()) {
      endBlock();
    }
    return start() << 16 | block.position();
  }

  private long start() {
    return compressed ? packed.size() : (long) blocks.size() * (SIZE + 2);
  }

  /** How many decoded bytes there are. */
  long length() {
    return (long) blocks.size() * SIZE + block.position();
  }

  TableBytes u8(int value) {
    reference();
    block.put((byte) value);
    return this;
  }

  TableBytes u16(int value) {
    return u8(value).u8(value >> 8);
  }

  TableBytes u32(long value) {
    return u16((int) value).u16((int) (value >> 16));
  }

  TableBytes u64(long value) {
    return u32(value).u32(value >>> 32);
  }

  TableBytes text(String text) {
    for (byte b : text.getBytes(StandardCharsets.ISO_8859_1)) {
      u8(b);
    }
    return this;
  }

  /** Overwrites bytes of an uncompressed table: {@code at} counts decoded bytes from its start. */
  void patch(long at, long value, int size) {
    for (int i = 0; i < size; i++) {
      int number = (int) ((at + i) / SIZE);
      byte[] target = number < blocks.size() ? blocks.get(number) : block.array();
      target[(int) ((at + i) % SIZE)] = (byte) (value >>> (8 * i));
    }
  }

  /** The decoded position of a reference into an uncompressed table. */
  static long decoded(long reference) {
    return (reference >>> 16) / (SIZE + 2) * SIZE + (reference & 0xffff);
  }

  private void endBlock() {
    byte[] bytes = Arrays.copyOf(block.array(), block.position());
    if (compressed) {
      starts.add((long) packed.size());
      pack(bytes);
    } else {
      starts.add(start());
      blocks.add(bytes);
    }
    block = newBlock();
  }

  private void pack(byte[] bytes) {
    Deflater deflater = new Deflater(9);
    deflater.setInput(bytes);
    deflater.finish();
    byte[] stream = new byte[2 * SIZE];
    int length = deflater.deflate(stream);
    deflater.end();
    packed.write(length);
    packed.write(length >> 8);
    packed.write(stream, 0, length);
  }

  /** The stored bytes of the table, which is at its end with this. */
  byte[] finish() {
    if (block.position() > 0) {
      endBlock();
    }
    for (byte[] bytes : blocks) {
      packed.write(bytes.length);
      packed.write((bytes.length | UNCOMPRESSED) >> 8);
      packed.writeBytes(bytes);
    }
    return packed.toByteArray();
  }

  /** Where the blocks begin, from the table's start; after {@link #finish}. */
  List<Long> starts() {
    return starts;
  }
}
