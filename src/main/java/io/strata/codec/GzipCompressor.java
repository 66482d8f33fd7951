package io.strata.codec;

import io.strata.codec.natives.Libz;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Zlib streams (RFC 1950), or raw deflate (RFC 1951), through libz. */
final class GzipCompressor implements Compressor {
  private final Libz library;
  private final int level;
  private final int windowBits;
  private final int memLevel;
  private final int strategy;
  private final String version;
  private final ThreadLocal<Stream> streams = ThreadLocal.withInitial(Stream::new);

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
    Direct.check(source, sourceOffset, sourceLength);
    Direct.checkTarget(target, targetOffset, targetCapacity);
    ByteBuffer stream = streams.get().open();
    long address = Direct.address(stream, 0);
    try {
      stream.putLong(Libz.NEXT_IN, Direct.address(source, sourceOffset));
      stream.putInt(Libz.AVAIL_IN, sourceLength);
      stream.putLong(Libz.NEXT_OUT, Direct.address(target, targetOffset));
      stream.putInt(Libz.AVAIL_OUT, targetCapacity);
      int result = library.deflate(address, Libz.Z_FINISH);
      if (result != Libz.Z_STREAM_END) {
        throw new CodecException(
            "gzip: "
                + sourceLength
                + " bytes do not compress to "
                + targetCapacity
                + " (zlib result "
                + result
                + ")");
      }
      return Math.toIntExact(stream.getLong(Libz.TOTAL_OUT));
    } finally {
      library.deflateEnd(address);
      Reference.reachabilityFence(source);
      Reference.reachabilityFence(target);
    }
  }

  /** A z_stream and the version string that zlib compares with its own. */
  private final class Stream {
    private final ByteBuffer fields =
        ByteBuffer.allocateDirect(Libz.Z_STREAM_SIZE).order(ByteOrder.nativeOrder());
    private final ByteBuffer versionString;

    Stream() {
      byte[] ascii = version.getBytes(StandardCharsets.US_ASCII);
      versionString = ByteBuffer.allocateDirect(ascii.length + 1).put(ascii);
      versionString.clear();
    }

    /** A stream ready for one block; {@code deflateEnd} must follow. */
    ByteBuffer open() throws CodecException {
      for (int i = 0; i < Libz.Z_STREAM_SIZE; i += Long.BYTES) {
        fields.putLong(i, 0);
      }
      int result =
          library.deflateInit2_(
              Direct.address(fields, 0),
              level,
              Libz.Z_DEFLATED,
              windowBits,
              memLevel,
              strategy,
              Direct.address(versionString, 0),
              Libz.Z_STREAM_SIZE);
      if (result != Libz.Z_OK) {
        throw new CodecException("gzip: deflateInit2 failed with " + result);
      }
      return fields;
    }
  }
}
