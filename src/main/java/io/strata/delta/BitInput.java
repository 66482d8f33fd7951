package io.strata.delta;

/** Reads bits, the lowest of each byte first. */
final class BitInput {
  private final byte[] bytes;
  private int next;
  private long buffer;
  private int available;

  /** From byte {@code start} on. */
  BitInput(byte[] bytes, int start) {
    this.bytes = bytes;
    this.next = start;
  }

  /** A number of {@code count} bits, 1 to 16, of which the first read is the highest. */
  int bits(int count) throws DeltaException {
    int value = Integer.reverse(peek(count)) >>> (Integer.SIZE - count);
    drop(count);
    return value;
  }

  /** The next {@code count} bits, the first read lowest; zeros after the end. */
  int peek(int count) {
    while (available < count && next < bytes.length) {
      buffer |= (bytes[next++] & 0xffL) << available;
      available += Byte.SIZE;
    }
    return (int) buffer & ((1 << count) - 1);
  }

  /** Goes on by {@code count} bits that were peeked at. */
  void drop(int count) throws DeltaException {
    if (count > available) {
      throw new DeltaException("secondary compression: the section ends too early");
    }
    buffer >>>= count;
    available -= count;
  }

  /** How many whole bytes were not read. */
  int unread() {
    return bytes.length - next + available / Byte.SIZE;
  }
}
