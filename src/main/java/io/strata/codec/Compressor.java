package io.strata.codec;

import java.nio.ByteBuffer;

/**
 * Compresses blocks exactly as mksquashfs does with the same system library and options.
 *
 * <p>Safe for use by any number of threads at once, without locks: scratch memory is per thread.
 * There is nothing to close.
 */
public interface Compressor {
  /**
   * Compresses one block.
   *
   * <p>Both buffers must be direct. Offsets are absolute; neither position nor limit of a buffer is
   * used as a start or changed, but nothing beyond a limit is touched. What {@code target} holds in
   * the given range is undefined after an exception.
   *
   * @param source holds the plain block; it is not changed
   * @param sourceOffset where the block starts, in bytes
   * @param sourceLength length of the block in bytes, at least 1
   * @param target receives the compressed block
   * @param targetOffset where to put it, in bytes
   * @param targetCapacity the most bytes that may be written from there on
   * @return the number of bytes written, 1 to {@code targetCapacity}
   * @throws CodecException if the compressed block does not fit, or the library fails
   * @throws IndexOutOfBoundsException if a range is not inside its buffer
   */
  int compress(
      ByteBuffer source,
      int sourceOffset,
      int sourceLength,
      ByteBuffer target,
      int targetOffset,
      int targetCapacity)
      throws CodecException;

  /** The library that does the work and its version, such as {@code "liblz4 1.9.4"}. */
  String library();
}
