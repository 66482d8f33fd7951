package io.strata.codec;

import java.nio.ByteBuffer;
import org.tukaani.xz.SingleXZInputStream;

/** One .xz stream per block in Java, for systems without liblzma. */
final class XzJavaDecompressor implements Decompressor {
  private final StreamBlocks blocks =
      new StreamBlocks("xz", in -> new SingleXZInputStream(in, XzMemory.LIMIT_KIB));

  @Override
  public int decompress(
      ByteBuffer source,
      int sourceOffset,
      int sourceLength,
      ByteBuffer target,
      int targetOffset,
      int targetCapacity)
      throws CodecException {
    return blocks.decompress(
        source, sourceOffset, sourceLength, target, targetOffset, targetCapacity);
  }
}
