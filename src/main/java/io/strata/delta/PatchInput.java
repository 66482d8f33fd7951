package io.strata.delta;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Reads a VCDIFF, a buffer at a time. For one thread. */
final class PatchInput {
  private static final int BUFFER = 1 << 16;

  private final FileChannel channel;
  private final long end;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).limit(0);

  /** Where the buffer's limit is in the file. */
  private long next;

  /** From {@code start} to the end of the file. */
  PatchInput(FileChannel channel, long start) throws IOException {
    this.channel = channel;
    this.next = start;
    this.end = channel.size();
  }

  /** Offset in the file of the next byte. */
  long position() {
    return next - buffer.remaining();
  }

  /** How many bytes are left. */
  long remaining() {
    return end - position();
  }

  /** Goes on at {@code offset} in the file, which was read past before. */
  void seek(long offset) {
    buffer.limit(0);
    next = offset;
  }

  int u8() throws IOException, DeltaException {
    if (!buffer.hasRemaining()) {
      fill();
    }
    return buffer.get() & 0xff;
  }

  int u32() throws IOException, DeltaException {
    return u8() << 24 | u8() << 16 | u8() << 8 | u8();
  }

  /** An integer of RFC 3284 section 2: seven bits a byte, the highest first. */
  long integer() throws IOException, DeltaException {
    long value = 0;
    while (true) {
      int b = u8();
      if (value > Long.MAX_VALUE >> 7) {
        throw new DeltaException("an integer is too large, at offset " + position());
      }
      value = value << 7 | b & 0x7f;
      if (b < 0x80) {
        return value;
      }
    }
  }

  /** The same where it must not be more than {@code most}. */
  int integer(String what, int most) throws IOException, DeltaException {
    long at = position();
    long value = integer();
    if (value > most) {
      throw new DeltaException(
          what + " " + value + " is over the limit of " + most + ", at offset " + at);
    }
    return (int) value;
  }

  /** The next {@code length} bytes. */
  byte[] bytes(int length) throws IOException, DeltaException {
    checkLeft(length);
    byte[] bytes = new byte[length];
    int at = 0;
    while (at < length) {
      if (!buffer.hasRemaining()) {
        fill();
      }
      int n = Math.min(buffer.remaining(), length - at);
      buffer.get(bytes, at, n);
      at += n;
    }
    return bytes;
  }

  void skip(long length) throws DeltaException {
    checkLeft(length);
    long to = position() + length;
    if (to <= next) {
      buffer.position(buffer.position() + (int) length);
    } else {
      buffer.limit(0);
      next = to;
    }
  }

  private void checkLeft(long length) throws DeltaException {
    if (length > remaining()) {
      throw truncated();
    }
  }

  private void fill() throws IOException, DeltaException {
    buffer.clear();
    int n = channel.read(buffer, next);
    buffer.flip();
    if (n <= 0) {
      buffer.limit(0);
      throw truncated();
    }
    next += n;
  }

  private DeltaException truncated() {
    return new DeltaException("ends in the middle of the patch, at offset " + end);
  }
}
