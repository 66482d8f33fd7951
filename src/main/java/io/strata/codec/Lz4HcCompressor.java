package io.strata.codec;

import io.strata.codec.natives.Liblz4;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/** LZ4HC through liblz4. */
final class Lz4HcCompressor implements Compressor {
  private final Liblz4 library;
  private final int level;
  private final String name;

  Lz4HcCompressor(Liblz4 library, int level) {
    this.library = library;
    this.level = level;
    this.name = "liblz4 " + library.LZ4_versionString();
  }

  @Override
  public String library() {
    return name;
  }

  @Override
  public int compress(
      ByteBuffer source,
      int sourceOffset,
      int sourceLength,
      ByteBuffer target,
      int targetOffset,
      int targetCapacity)
      throws CodecException {
    Direct.check(source, sourceOffset, sourceLength);
    Direct.checkTarget(target, targetOffset, targetCapacity);
    int length =
        library.LZ4_compress_HC(
            Direct.address(source, sourceOffset),
            Direct.address(target, targetOffset),
            sourceLength,
            targetCapacity,
            level);
    Reference.reachabilityFence(source);
    Reference.reachabilityFence(target);
    if (length <= 0) {
      throw new CodecException(
          "lz4hc: " + sourceLength + " bytes do not compress to " + targetCapacity);
    }
    return length;
  }
}
