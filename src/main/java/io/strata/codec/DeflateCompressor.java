package io.strata.codec;

import java.nio.ByteBuffer;

/** A compressor of deflate (RFC 1951) that can be told where blocks end. */
public interface DeflateCompressor extends Compressor {

  /**
   * Compresses as {@link Compressor#compress} does, from the first byte of each buffer on, and ends
   * a block after so many bytes. It may end others besides.
   *
   * <p>zlib gives what GNU gzip does of the same level where blocks end in the same places: gzip
   * chooses these by a rule of its own, all else is alike.
   *
   * @param length of the plain bytes, at least 1
   * @param blocks how many plain bytes each block has that is to end, from the end of the one
   *     before; together at most {@code length}
   * @return the number of bytes written
   * @throws CodecException if they do not fit the target's limit, or the library fails
   */
  int compress(ByteBuffer source, int length, int[] blocks, ByteBuffer target)
      throws CodecException;
}
