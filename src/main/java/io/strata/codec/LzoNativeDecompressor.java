package io.strata.codec;

import io.strata.codec.natives.Liblzo2;
import io.strata.natives.NativeFunction;
import io.strata.natives.SharedLibrary;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** LZO1X through liblzo2's bounds-checking decompressor. */
final class LzoNativeDecompressor implements Decompressor {
  private final NativeFunction decompress; // (src, src_len, dst, *dst_len, wrkmem)
  private final ThreadLocal<ByteBuffer> lengths =
      ThreadLocal.withInitial(
          () -> ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.nativeOrder()));

  LzoNativeDecompressor(SharedLibrary liblzo2) {
    decompress = liblzo2.function("lzo1x_decompress_safe");
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
    ByteBuffer length = lengths.get();
    length.putLong(0, targetCapacity);
    int result =
        (int)
            decompress.call(
                Direct.address(source, sourceOffset),
                sourceLength,
                Direct.address(target, targetOffset),
                Direct.address(length, 0),
                0);
    Reference.reachabilityFence(source);
    Reference.reachabilityFence(target);
    if (result != Liblzo2.LZO_E_OK) {
      throw new CodecException("lzo: " + describe(result, targetCapacity));
    }
    return Math.toIntExact(length.getLong(0));
  }

  private static String describe(int result, int capacity) {
    return switch (result) {
      case Liblzo2.LZO_E_INPUT_OVERRUN -> "the block ends in the middle of the stream";
      case Liblzo2.LZO_E_OUTPUT_OVERRUN -> "yields more than " + capacity + " bytes";
      case Liblzo2.LZO_E_LOOKBEHIND_OVERRUN -> "a match starts before the block";
      case Liblzo2.LZO_E_EOF_NOT_FOUND -> "no end marker";
      case Liblzo2.LZO_E_INPUT_NOT_CONSUMED -> "bytes after the end marker";
      default -> "malformed block (liblzo2 error " + result + ")";
    };
  }
}
