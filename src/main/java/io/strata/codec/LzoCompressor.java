package io.strata.codec;

import io.strata.codec.natives.Liblzo2;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** LZO1X-999 through liblzo2, with its optimizer where the image has it. */
final class LzoCompressor implements Compressor {
  private final Liblzo2 library;
  private final int level;
  private final boolean optimized;
  private final String name;
  private final ThreadLocal<Scratch> scratch = ThreadLocal.withInitial(Scratch::new);

  LzoCompressor(Liblzo2 library, int level, boolean optimized) {
    this.library = library;
    this.level = level;
    this.optimized = optimized;
    this.name = "liblzo2 " + library.lzo_version_string();
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
    Scratch memory = scratch.get();
    memory.reserve(sourceLength);
    int length = compress999(memory, Direct.address(source, sourceOffset), sourceLength);
    Reference.reachabilityFence(source);
    if (optimized) {
      optimize(memory, length, sourceLength);
    }
    if (length > targetCapacity) {
      throw new CodecException(
          "lzo: "
              + sourceLength
              + " bytes compress to "
              + length
              + ", more than the "
              + targetCapacity
              + " there is room for");
    }
    target.put(targetOffset, memory.compressed, 0, length);
    return length;
  }

  private int compress999(Scratch memory, long source, int sourceLength) throws CodecException {
    int result =
        library.lzo1x_999_compress_level(
            source,
            sourceLength,
            Direct.address(memory.compressed, 0),
            Direct.address(memory.length, 0),
            Direct.address(memory.work, 0),
            0,
            0,
            0,
            level);
    check("lzo1x_999_compress_level", result);
    return Math.toIntExact(memory.length.getLong(0));
  }

  private void optimize(Scratch memory, int compressedLength, int plainLength)
      throws CodecException {
    memory.length.putLong(0, plainLength);
    int result =
        library.lzo1x_optimize(
            Direct.address(memory.compressed, 0),
            compressedLength,
            Direct.address(memory.plain, 0),
            Direct.address(memory.length, 0),
            0);
    check("lzo1x_optimize", result);
  }

  private static void check(String function, int result) throws CodecException {
    if (result != Liblzo2.LZO_E_OK) {
      throw new CodecException("lzo: " + function + " failed with " + result);
    }
  }

  /** What one thread needs besides source and target. */
  private static final class Scratch {
    final ByteBuffer work = ByteBuffer.allocateDirect(Liblzo2.LZO1X_999_MEM_COMPRESS);
    final ByteBuffer length = ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.nativeOrder());
    ByteBuffer compressed = ByteBuffer.allocateDirect(0);
    ByteBuffer plain = ByteBuffer.allocateDirect(0);

    void reserve(int sourceLength) {
      if (plain.capacity() < sourceLength) {
        plain = ByteBuffer.allocateDirect(sourceLength);
        compressed = ByteBuffer.allocateDirect(worstCase(sourceLength));
      }
    }

    /** The bound of liblzo2's LZO.FAQ; its compressor checks none. */
    private static int worstCase(int sourceLength) {
      return Math.addExact(sourceLength, sourceLength / 16 + 64 + 3);
    }
  }
}
