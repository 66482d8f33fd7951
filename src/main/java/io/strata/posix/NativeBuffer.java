package io.strata.posix;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Memory outside the heap that Java code and system calls both reach.
 *
 * <p>{@link #bytes()} is meant for absolute access; its position and limit belong to whoever owns
 * the buffer. The memory lives as long as this object is reachable. Not synchronized: contents are
 * the owner's affair.
 */
public final class NativeBuffer {
  private final ByteBuffer bytes;
  private final long address;

  private NativeBuffer(ByteBuffer bytes) {
    this.bytes = bytes;
    this.address = MemorySegment.ofBuffer(bytes).address();
  }

  /** A zeroed buffer of {@code capacity} bytes, little-endian. */
  public static NativeBuffer allocate(int capacity) {
    return new NativeBuffer(ByteBuffer.allocateDirect(capacity).order(ByteOrder.LITTLE_ENDIAN));
  }

  /**
   * A zeroed buffer of {@code capacity} bytes that begins at a multiple of {@code alignment}, a
   * power of two.
   */
  public static NativeBuffer allocateAligned(int capacity, int alignment) {
    ByteBuffer memory = ByteBuffer.allocateDirect(Math.addExact(capacity, alignment - 1));
    int skip = (int) (-MemorySegment.ofBuffer(memory).address() & (alignment - 1));
    return new NativeBuffer(memory.slice(skip, capacity).order(ByteOrder.LITTLE_ENDIAN));
  }

  /** Memory that is there already, {@code segment} of at most 2 GiB. */
  static NativeBuffer of(MemorySegment segment) {
    return new NativeBuffer(segment.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN));
  }

  /** The bytes; little-endian, direct. */
  public ByteBuffer bytes() {
    return bytes;
  }

  /** Where the first byte lies in memory. */
  public long address() {
    return address;
  }

  /** The size in bytes. */
  public int capacity() {
    return bytes.capacity();
  }
}
