package io.strata.codec;

import io.strata.codec.natives.Liblzma;
import io.strata.natives.NativeFunction;
import io.strata.natives.SharedLibrary;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** One .xz stream per block, through liblzma. */
final class XzNativeDecompressor implements Decompressor {
  private static final int MEMLIMIT = 0;
  private static final int IN_POS = 8;
  private static final int OUT_POS = 16;
  private static final int SCRATCH = 24;

  private static final long NO_FLAGS = 0;
  private static final long DEFAULT_ALLOCATOR = 0;

  private final NativeFunction decode;
  private final ThreadLocal<ByteBuffer> scratch =
      ThreadLocal.withInitial(
          () -> ByteBuffer.allocateDirect(SCRATCH).order(ByteOrder.nativeOrder()));

  XzNativeDecompressor(SharedLibrary liblzma) {
    decode = liblzma.function("lzma_stream_buffer_decode");
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
    ByteBuffer state = scratch.get();
    state.putLong(MEMLIMIT, XzMemory.LIMIT);
    state.putLong(IN_POS, 0);
    state.putLong(OUT_POS, 0);
    int result =
        (int)
            decode.callMany(
                Direct.address(state, MEMLIMIT),
                NO_FLAGS,
                DEFAULT_ALLOCATOR,
                Direct.address(source, sourceOffset),
                Direct.address(state, IN_POS),
                sourceLength,
                Direct.address(target, targetOffset),
                Direct.address(state, OUT_POS),
                targetCapacity);
    Reference.reachabilityFence(source);
    Reference.reachabilityFence(target);
    if (result != Liblzma.LZMA_OK) {
      throw new CodecException("xz: " + describe(result, targetCapacity));
    }
    if (state.getLong(IN_POS) != sourceLength) {
      throw new CodecException("xz: bytes after the stream, at offset " + state.getLong(IN_POS));
    }
    return Math.toIntExact(state.getLong(OUT_POS));
  }

  private static String describe(int result, int capacity) {
    return switch (result) {
      case Liblzma.LZMA_MEM_ERROR -> "out of memory";
      case Liblzma.LZMA_MEMLIMIT_ERROR ->
          "the stream wants more than " + (XzMemory.LIMIT >> 20) + " MiB of memory";
      case Liblzma.LZMA_FORMAT_ERROR -> "not an .xz stream";
      case Liblzma.LZMA_OPTIONS_ERROR -> "the stream uses options that liblzma does not know";
      case Liblzma.LZMA_DATA_ERROR -> "malformed stream, or the block ends in the middle of it";
      case Liblzma.LZMA_BUF_ERROR -> "yields more than " + capacity + " bytes";
      default -> "malformed block (liblzma error " + result + ")";
    };
  }
}
