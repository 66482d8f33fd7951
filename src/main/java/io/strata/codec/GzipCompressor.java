package io.strata.codec;

import io.strata.codec.natives.Libz;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.Objects;

/** Zlib streams (RFC 1950), or raw deflate (RFC 1951), through libz. */
final class GzipCompressor implements DeflateCompressor {
  private static final int[] NO_BLOCKS = {};

  private final Libz library;
  private final int level;
  private final int windowBits;
  private final int memLevel;
  private final int strategy;
  private final String version;
  private final ThreadLocal<ZStream> streams;

  /**
   * A compressor.
   *
   * @param windowBits negative for raw deflate
   */
  GzipCompressor(Libz library, int level, int windowBits, int memLevel, int strategy) {
    this.library = library;
    this.level = level;
    this.windowBits = windowBits;
    this.memLevel = memLevel;
    this.strategy = strategy;
    this.version = library.zlibVersion();
    this.streams = ThreadLocal.withInitial(() -> new ZStream(version));
  }

  @Override
  public String library() {
    return "libz " + version;
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
    return compress(
        source, sourceOffset, sourceLength, NO_BLOCKS, target, targetOffset, targetCapacity);
  }

  @Override
  public int compress(ByteBuffer source, int length, int[] blocks, ByteBuffer target)
      throws CodecException {
    return compress(source, 0, length, blocks, target, 0, target.limit());
  }

  private int compress(
      ByteBuffer source,
      int sourceOffset,
      int sourceLength,
      int[] blocks,
      ByteBuffer target,
      int targetOffset,
      int targetCapacity)
      throws CodecException {
    Direct.check(source, sourceOffset, sourceLength);
    Direct.checkTarget(target, targetOffset, targetCapacity);
    ZStream stream = streams.get();
    open(stream);
    try {
      stream.output(target, targetOffset, targetCapacity);
      int at = sourceOffset;
      int end = sourceOffset + sourceLength;
      for (int block : blocks) {
        Objects.checkFromIndexSize(at, block, end);
        stream.input(source, at, block);
        int result = library.deflate(stream.address(), Libz.Z_BLOCK);
        if (result != Libz.Z_OK || stream.inputLeft() > 0) {
          throw noRoom(sourceLength, targetCapacity, result);
        }
        at += block;
      }
      stream.input(source, at, end - at);
      int result = library.deflate(stream.address(), Libz.Z_FINISH);
      if (result != Libz.Z_STREAM_END) {
        throw noRoom(sourceLength, targetCapacity, result);
      }
      return stream.written();
    } finally {
      library.deflateEnd(stream.address());
      Reference.reachabilityFence(source);
      Reference.reachabilityFence(target);
    }
  }

  private static CodecException noRoom(int plain, int capacity, int result) {
    return new CodecException(
        "gzip: %d bytes do not compress to %d (zlib result %d)".formatted(plain, capacity, result));
  }

  /** Makes a stream ready for one block; {@code deflateEnd} must follow. */
  private void open(ZStream stream) throws CodecException {
    stream.clear();
    int result =
        library.deflateInit2_(
            stream.address(),
            level,
            Libz.Z_DEFLATED,
            windowBits,
            memLevel,
            strategy,
            stream.versionAddress(),
            Libz.Z_STREAM_SIZE);
    if (result != Libz.Z_OK) {
      throw new CodecException("gzip: deflateInit2 failed with " + result);
    }
  }
}
