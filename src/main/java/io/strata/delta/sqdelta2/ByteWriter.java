package io.strata.delta.sqdelta2;

import java.util.Arrays;

/** Collects little-endian values. */
final class ByteWriter {
  private byte[] bytes = new byte[64];
  private int length;

  int length() {
    return length;
  }

  byte[] toByteArray() {
    return Arrays.copyOf(bytes, length);
  }

  ByteWriter u8(int value) {
    return little(value, 1);
  }

  ByteWriter u16(int value) {
    return little(value, Short.BYTES);
  }

  ByteWriter u32(long value) {
    return little(value, Integer.BYTES);
  }

  ByteWriter u64(long value) {
    return little(value, Long.BYTES);
  }

  ByteWriter bytes(byte[] more) {
    reserve(more.length);
    System.arraycopy(more, 0, bytes, length, more.length);
    length += more.length;
    return this;
  }

  /** As {@link ByteReader#varint} reads it. */
  ByteWriter varint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      u8((int) (rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    return u8((int) rest);
  }

  private ByteWriter little(long value, int count) {
    reserve(count);
    for (int i = 0; i < count; i++) {
      bytes[length++] = (byte) (value >>> (Byte.SIZE * i));
    }
    return this;
  }

  private void reserve(int more) {
    if (more > bytes.length - length) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(length, more), bytes.length * 2));
    }
  }
}
