package io.strata.codec;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Objects;

/** Checks ranges of direct buffers and says where in memory they are. */
final class Direct {
  private Direct() {}

  /**
   * Checks that a range lies inside a buffer's limit and that the buffer is direct.
   *
   * @throws IndexOutOfBoundsException if the range is outside
   * @throws IllegalArgumentException if the buffer is on the heap
   */
  static void check(ByteBuffer buffer, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, buffer.limit());
    if (!buffer.isDirect()) {
      throw new IllegalArgumentException("needs a direct buffer");
    }
  }

  /** The same for a target, which must not be read-only either: native code would not notice. */
  static void checkTarget(ByteBuffer buffer, int offset, int length) {
    check(buffer, offset, length);
    if (buffer.isReadOnly()) {
      throw new IllegalArgumentException("the target buffer is read-only");
    }
  }

  /** The address of the byte at {@code offset}; good for as long as the buffer is reachable. */
  static long address(ByteBuffer buffer, int offset) {
    // A segment starts at the buffer's position, offsets here start at its byte 0.
    return MemorySegment.ofBuffer(buffer).address() - buffer.position() + offset;
  }
}
