package io.strata.codec;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.nio.ByteBuffer;

/** Zstandard frames (RFC 8878) through zstd-jni. One context per thread. */
final class ZstdDecompressor implements Decompressor {
  private final ThreadLocal<ZstdDecompressCtx> contexts =
      ThreadLocal.withInitial(ZstdDecompressCtx::new);

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
    if (sourceLength == 0) {
      throw new CodecException("zstd: an empty block");
    }
    try {
      return contexts
          .get()
          .decompressDirectByteBuffer(
              target, targetOffset, targetCapacity, source, sourceOffset, sourceLength);
    } catch (ZstdException e) {
      throw new CodecException("zstd: " + e.getMessage(), e);
    }
  }
}
