package io.strata.codec;

import java.nio.ByteBuffer;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/** LZ4 blocks through lz4-java: its native library where that loads, else its Java code. */
final class Lz4Decompressor implements Decompressor {
  private final LZ4SafeDecompressor decompressor;

  Lz4Decompressor() {
    this(LZ4Factory.fastestInstance());
  }

  Lz4Decompressor(LZ4Factory factory) {
    decompressor = factory.safeDecompressor();
  }

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
    try {
      return decompressor.decompress(
          source, sourceOffset, sourceLength, target, targetOffset, targetCapacity);
    } catch (LZ4Exception e) {
      throw new CodecException(
          "lz4: malformed block, or it yields more than " + targetCapacity + " bytes", e);
    }
  }
}
