package io.strata.codec;

import java.nio.ByteBuffer;
import org.tukaani.xz.LZMAInputStream;

/** The old .lzma format, which only images from before SquashFS 4.0's .xz use. */
final class LzmaDecompressor implements Decompressor {
  private final StreamBlocks blocks =
      new StreamBlocks("lzma", in -> new LZMAInputStream(in, XzMemory.LIMIT_KIB));

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
