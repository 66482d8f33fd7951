package io.strata.codec.natives;

import io.strata.natives.NativeFunction;
import io.strata.natives.SharedLibrary;

/** libz, of zlib.h, with the layout of its z_stream on 64-bit systems. */
public final class Libz {
  /** Success. */
  public static final int Z_OK = 0;

  /** Success, and all is out. */
  public static final int Z_STREAM_END = 1;

  /** There is no more input. */
  public static final int Z_FINISH = 4;

  /** To end a block here, or, inflating, to come back at the end of each. */
  public static final int Z_BLOCK = 5;

  /** Window bits of {@code inflate} for deflate without a header. */
  public static final int RAW = -15;

  /** In {@link #DATA_TYPE}: where {@code inflate} is behind the end of a block. */
  public static final int AT_BLOCK_END = 128;

  /** In {@link #DATA_TYPE}: where it is in the last block, or behind that. */
  public static final int IN_LAST_BLOCK = 64;

  /** The only method there is. */
  public static final int Z_DEFLATED = 8;

  /** What deflateInit takes for memLevel. */
  public static final int DEF_MEM_LEVEL = 8;

  /** Offset of {@code Bytef *next_in}. */
  public static final int NEXT_IN = 0;

  /** Offset of {@code uInt avail_in}. */
  public static final int AVAIL_IN = 8;

  /** Offset of {@code Bytef *next_out}. */
  public static final int NEXT_OUT = 24;

  /** Offset of {@code uInt avail_out}. */
  public static final int AVAIL_OUT = 32;

  /** Offset of {@code uLong total_out}. */
  public static final int TOTAL_OUT = 40;

  /** Offset of {@code int data_type}. */
  public static final int DATA_TYPE = 88;

  /** {@code sizeof(z_stream)}. */
  public static final int Z_STREAM_SIZE = 112;

  private final NativeFunction deflateInit;
  private final NativeFunction deflate;
  private final NativeFunction deflateEnd;
  private final NativeFunction inflateInit;
  private final NativeFunction inflate;
  private final NativeFunction inflateEnd;
  private final NativeFunction version;

  /** The functions of an open library. */
  public Libz(SharedLibrary library) {
    deflateInit = library.function("deflateInit2_");
    deflate = library.function("deflate");
    deflateEnd = library.function("deflateEnd");
    inflateInit = library.function("inflateInit2_");
    inflate = library.function("inflate");
    inflateEnd = library.function("inflateEnd");
    version = library.function("zlibVersion");
  }

  /** What the macro {@code deflateInit2} calls. */
  public int deflateInit2_(
      long stream,
      int level,
      int method,
      int windowBits,
      int memLevel,
      int strategy,
      long version,
      int streamSize) {
    return (int)
        deflateInit.callMany(
            stream, level, method, windowBits, memLevel, strategy, version, streamSize);
  }

  /** Compresses. */
  public int deflate(long stream, int flush) {
    return (int) deflate.call(stream, flush);
  }

  /** Frees what the stream holds. */
  public int deflateEnd(long stream) {
    return (int) deflateEnd.call(stream);
  }

  /** What the macro {@code inflateInit2} calls. */
  public int inflateInit2_(long stream, int windowBits, long version, int streamSize) {
    return (int) inflateInit.call(stream, windowBits, version, streamSize);
  }

  /** Decompresses. */
  public int inflate(long stream, int flush) {
    return (int) inflate.call(stream, flush);
  }

  /** Frees what the stream holds. */
  public int inflateEnd(long stream) {
    return (int) inflateEnd.call(stream);
  }

  /** The version, such as "1.2.13". */
  public String zlibVersion() {
    return version.callForString();
  }
}
