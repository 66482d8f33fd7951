package io.strata.codec;

import io.strata.codec.natives.Liblz4;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/** LZ4 through liblz4. */
final class Lz4Compressor implements Compressor {
  private final Liblz4 library;
  private final String name;

  Lz4Compressor(Liblz4 library) {
    this.library = library;
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
        library.LZ4_compress_default(
            Direct.address(source, sourceOffset),
            Direct.address(target, targetOffset),
            sourceLength,
            targetCapacity);
    Reference.reachabilityFence(source);
    Reference.reachabilityFence(target);
    if (length <= 0) {
      throw new CodecException(
          "lz4: " + sourceLength + " bytes do not compress to " + targetCapacity);
    }
    return length;
  }
}
