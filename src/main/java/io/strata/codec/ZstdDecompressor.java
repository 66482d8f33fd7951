package io.strata.codec;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.nio.ByteBuffer;

/**
 * One Zstandard frame per block (RFC 8878) through zstd-jni. One context per thread.
 *
 * <p>Frames of the formats before RFC 8878 are refused: their decoders have had no fuzzing to speak
 * of for years. The memory of a frame's window is never allocated, as blocks are decoded in one
 * step.
 */
final class ZstdDecompressor implements Decompressor {
  /** {@code ZSTD_MAGICNUMBER} of zstd.h. */
  private static final int ZSTD_MAGICNUMBER = 0xFD2FB528;

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
    checkFrame(source, sourceOffset, sourceLength);
    try {
      return contexts
          .get()
          .decompressDirectByteBuffer(
              target, targetOffset, targetCapacity, source, sourceOffset, sourceLength);
    } catch (ZstdException e) {
      throw new CodecException("zstd: " + e.getMessage(), e);
    }
  }

  private static void checkFrame(ByteBuffer source, int offset, int length) throws CodecException {
    boolean hasMagic = length >= Integer.BYTES;
    for (int i = 0; hasMagic && i < Integer.BYTES; i++) {
      hasMagic = source.get(offset + i) == (byte) (ZSTD_MAGICNUMBER >>> (Byte.SIZE * i));
    }
    if (!hasMagic) {
      throw new CodecException("zstd: no frame begins here");
    }
    long frame = Zstd.findDirectByteBufferFrameCompressedSize(source, offset, length);
    if (Zstd.isError(frame)) {
      throw new CodecException("zstd: " + Zstd.getErrorName(frame));
    }
    if (frame != length) {
      throw new CodecException("zstd: bytes after the frame, at offset " + frame);
    }
  }
}
