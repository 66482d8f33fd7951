package io.strata.fuse.libfuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

/** Memory that libfuse gave us, by address. The caller answers for the bounds. */
final class NativeMemory {
  private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private NativeMemory() {}

  static int getInt(long address) {
    return ALL.get(ValueLayout.JAVA_INT_UNALIGNED, address);
  }

  static long getLong(long address) {
    return ALL.get(ValueLayout.JAVA_LONG_UNALIGNED, address);
  }

  static void putInt(long address, int value) {
    ALL.set(ValueLayout.JAVA_INT_UNALIGNED, address, value);
  }

  static void putLong(long address, long value) {
    ALL.set(ValueLayout.JAVA_LONG_UNALIGNED, address, value);
  }

  static void putByte(long address, int value) {
    ALL.set(ValueLayout.JAVA_BYTE, address, (byte) value);
  }

  /** The bytes from {@code address} up to the NUL that ends them. */
  static byte[] string(long address) {
    long end = address;
    while (ALL.get(ValueLayout.JAVA_BYTE, end) != 0) {
      end++;
    }
    byte[] bytes = new byte[Math.toIntExact(end - address)];
    MemorySegment.copy(ALL, ValueLayout.JAVA_BYTE, address, bytes, 0, bytes.length);
    return bytes;
  }

  static void copy(byte[] source, int length, long address) {
    MemorySegment.copy(source, 0, ALL, ValueLayout.JAVA_BYTE, address, length);
  }

  static void copy(long source, long target, long length) {
    MemorySegment.copy(ALL, source, ALL, target, length);
  }

  /** A window on {@code size} bytes; an empty buffer for the address 0. */
  static ByteBuffer window(long address, int size) {
    return address == 0
        ? ByteBuffer.allocate(0)
        : MemorySegment.ofAddress(address).reinterpret(size).asByteBuffer();
  }
}
