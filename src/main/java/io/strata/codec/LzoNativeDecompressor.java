package io.strata.codec;

import io.strata.codec.natives.Liblzo2;
import io.strata.natives.NativeFunction;
import io.strata.natives.SharedLibrary;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * LZO1X through liblzo2's bounds-checking decompressor. It takes a match of any length at distance
 * 0 for the end of a block, where the kernel (lib/lzo/lzo1x_decompress_safe.c) wants one of length
 * 3; here it has to be that one.
 */
final class LzoNativeDecompressor implements Decompressor {
  /** A match of length 3 beyond 16 KiB; at distance 0 the end. */
  private static final int END = 0x11;

  /** The same with a length that does not fit. */
  private static final int LONG_MATCH = 0x10;

  private final Decompressor inJava = new LzoJavaDecompressor();
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
    int sourceEnd = sourceOffset + sourceLength;
    if (mayHaveLongMarker(source, sourceOffset, sourceEnd)) {
      return inJava.decompress(
          source, sourceOffset, sourceLength, target, targetOffset, targetCapacity);
    }
    if (!hasMarker(source, sourceOffset, sourceEnd)) {
      throw new CodecException("lzo: a damaged end marker");
    }
    return Math.toIntExact(length.getLong(0));
  }

  // The instruction of the marker, then a distance of 0 above two bits that are free.
  private static boolean hasMarker(ByteBuffer source, int start, int end) {
    return end - start >= 3
        && source.get(end - 3) == END
        && (source.get(end - 2) & ~3) == 0
        && source.get(end - 1) == 0;
  }

  // The byte of the marker may end the length of a longer match: LONG_MATCH, zeros, that byte.
  private static boolean mayHaveLongMarker(ByteBuffer source, int start, int end) {
    int at = end - 4;
    while (at >= start && source.get(at) == 0) {
      at--;
    }
    return at >= start && source.get(at) == LONG_MATCH;
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
