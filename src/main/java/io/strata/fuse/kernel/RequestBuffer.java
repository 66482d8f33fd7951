package io.strata.fuse.kernel;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.NativeBuffer;
import java.nio.ByteBuffer;

/**
 * A request as it came: {@code struct fuse_in_header}, then the body. Offsets count from the body's
 * first byte. Belongs to one thread.
 *
 * <p>A handler first says with {@link #need} how long the body must be, then reads fields.
 */
final class RequestBuffer {
  /** {@code struct fuse_in_header}. */
  static final int HEADER_SIZE = 40;

  private final NativeBuffer memory;
  private final ByteBuffer bytes;
  private int start;
  private int length;

  RequestBuffer(NativeBuffer memory) {
    this.memory = memory;
    this.bytes = memory.bytes();
  }

  /** Where read(2) puts a request. */
  NativeBuffer memory() {
    return memory;
  }

  /**
   * Takes what {@code received} bytes hold as the request.
   *
   * @return whether they are one: a whole header, which says the same length
   */
  boolean accept(int received) {
    return accept(0, received);
  }

  /** The same for a request that begins at byte {@code from} of the memory. */
  boolean accept(int from, int received) {
    start = from;
    length = received;
    return received >= HEADER_SIZE && bytes.getInt(start) == received;
  }

  int opcode() {
    return bytes.getInt(start + 4);
  }

  long unique() {
    return bytes.getLong(start + 8);
  }

  long node() {
    return bytes.getLong(start + 16);
  }

  int uid() {
    return bytes.getInt(start + 24);
  }

  int gid() {
    return bytes.getInt(start + 28);
  }

  int pid() {
    return bytes.getInt(start + 32);
  }

  /** The body's length in bytes. */
  int bodyLength() {
    return length - HEADER_SIZE;
  }

  /** EIO unless the body has {@code size} bytes. */
  void need(long size) throws ErrnoException {
    if (size < 0 || size > bodyLength()) {
      throw ErrnoException.of(Errno.EIO);
    }
  }

  int u32(int at) {
    return bytes.getInt(start + HEADER_SIZE + at);
  }

  long u64(int at) {
    return bytes.getLong(start + HEADER_SIZE + at);
  }

  /** Where the body's byte {@code at} lies in {@link #memory()}. */
  int position(int at) {
    return start + HEADER_SIZE + at;
  }

  /** The name that begins at {@code at} and ends with a NUL; EIO if it is empty or has no end. */
  byte[] name(int at) throws ErrnoException {
    int from = start + HEADER_SIZE + at;
    int end = from;
    while (end < start + length && bytes.get(end) != 0) {
      end++;
    }
    if (end >= start + length || end == from) {
      throw ErrnoException.of(Errno.EIO);
    }
    byte[] name = new byte[end - from];
    bytes.get(from, name);
    return name;
  }
}
