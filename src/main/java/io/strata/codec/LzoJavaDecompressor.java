package io.strata.codec;

import java.nio.ByteBuffer;

/** LZO1X in Java, for systems without liblzo2. Stateless. */
final class LzoJavaDecompressor implements Decompressor {
  @Override
  public int decompress(
      ByteBuffer source,
      int sourceOffset,
      int sourceLength,
      ByteBuffer target,
      int targetOffset,
      int targetCapacity)
      throws CodecException {
    Direct.check(source, sourceOffset, sourceLength);
    Direct.checkTarget(target, targetOffset, targetCapacity);
    return new Lzo1xStream(source, sourceOffset, sourceLength, target, targetOffset, targetCapacity)
        .decode();
  }
}
