package io.strata.delta.sqdelta2;

import io.strata.delta.DeltaException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Reads little-endian values from bytes; what is not there is a {@link DeltaException}. */
final class ByteReader {
  private final String name;
  private final byte[] bytes;
  private final ByteBuffer values;
  private int at;

  /** Reads {@code bytes}; messages call them {@code name}. */
  ByteReader(String name, byte[] bytes) {
    this.name = name;
    this.bytes = bytes;
    this.values = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  int position() {
    return at;
  }

  boolean atEnd() {
    return at == bytes.length;
  }

  int u8() throws DeltaException {
    return bytes[take(1)] & 0xff;
  }

  int u16() throws DeltaException {
    return values.getShort(take(Short.BYTES)) & 0xffff;
  }

  int i32() throws DeltaException {
    return values.getInt(take(Integer.BYTES));
  }

  long u32() throws DeltaException {
    return Integer.toUnsignedLong(i32());
  }

  long i64() throws DeltaException {
    return values.getLong(take(Long.BYTES));
  }

  byte[] bytes(long length) throws DeltaException {
    int from = take(length);
    return Arrays.copyOfRange(bytes, from, at);
  }

  /** Bytes up to a NUL, which is read too. */
  byte[] text() throws DeltaException {
    int end = at;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    byte[] text = bytes(end - at);
    take(1);
    return text;
  }

  /** An unsigned number, seven bits a byte, the lowest first; the highest bit says: more follow. */
  long varint() throws DeltaException {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int b = u8();
      value |= (long) (b & 0x7f) << shift;
      if (b < 0x80) {
        return value;
      }
    }
    throw new DeltaException(name + ": a number of more than 64 bits before byte " + at);
  }

  private int take(long length) throws DeltaException {
    if (length < 0 || length > bytes.length - at) {
      throw new DeltaException(
          name + ": ends after " + bytes.length + " bytes, " + length + " more at " + at);
    }
    int from = at;
    at += (int) length;
    return from;
  }
}
