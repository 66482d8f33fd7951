package io.strata.codec;

import io.strata.codec.natives.Libzstd;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/** Zstandard frames through libzstd. */
final class ZstdCompressor implements Compressor {
  private final Libzstd library;
  private final int level;
  private final String name;

  ZstdCompressor(Libzstd library, int level) {
    this.library = library;
    this.level = level;
    this.name = "libzstd " + library.ZSTD_versionString();
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
    long length =
        library.ZSTD_compress(
            Direct.address(target, targetOffset),
            targetCapacity,
            Direct.address(source, sourceOffset),
            sourceLength,
            level);
    Reference.reachabilityFence(source);
    Reference.reachabilityFence(target);
    if (library.ZSTD_isError(length)) {
      throw new CodecException("zstd: " + library.ZSTD_getErrorName(length));
    }
    return Math.toIntExact(length);
  }
}
