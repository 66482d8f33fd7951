package io.strata.codec;

import java.nio.ByteBuffer;

/**
 * Decompresses blocks of one {@link Compression}.
 *
 * <p>Safe for use by any number of threads at once, without locks: scratch memory is per thread.
 * There is nothing to close.
 */
public interface Decompressor {
  /**
   * Decompresses one whole block.
   *
   * <p>Both buffers must be direct. Offsets are absolute; neither position nor limit of a buffer is
   * used as a start or changed, but nothing beyond a limit is touched. What {@code target} holds in
   * the given range is undefined after an exception.
   *
   * @param source holds the compressed block
   * @param sourceOffset where the block starts, in bytes
   * @param sourceLength length of the block in bytes; all of it must be used up
   * @param target receives the block
   * @param targetOffset where to put it, in bytes
   * @param targetCapacity the most bytes that may be written from there on
   * @return the number of bytes written, 0 to {@code targetCapacity}
   * @throws CodecException if the block is malformed, cut off, longer than it says, or yields more
   *     than {@code targetCapacity} bytes
   * @throws IndexOutOfBoundsException if a range is not inside its buffer
   */
  int decompress(
      ByteBuffer source,
      int sourceOffset,
      int sourceLength,
      ByteBuffer target,
      int targetOffset,
      int targetCapacity)
      throws CodecException;
}
