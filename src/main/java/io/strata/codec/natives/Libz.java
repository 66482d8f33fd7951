package io.strata.codec.natives;

import jnr.ffi.annotations.IgnoreError;

/** libz, of zlib.h, with the layout of its z_stream on 64-bit systems. */
public interface Libz {
  /** Success. */
  int Z_OK = 0;

  /** Success, and all is out. */
  int Z_STREAM_END = 1;

  /** There is no more input. */
  int Z_FINISH = 4;

  /** The only method there is. */
  int Z_DEFLATED = 8;

  /** What deflateInit takes for memLevel. */
  int DEF_MEM_LEVEL = 8;

  /** Offset of {@code Bytef *next_in}. */
  int NEXT_IN = 0;

  /** Offset of {@code uInt avail_in}. */
  int AVAIL_IN = 8;

  /** Offset of {@code Bytef *next_out}. */
  int NEXT_OUT = 24;

  /** Offset of {@code uInt avail_out}. */
  int AVAIL_OUT = 32;

  /** Offset of {@code uLong total_out}. */
  int TOTAL_OUT = 40;

  /** {@code sizeof(z_stream)}. */
  int Z_STREAM_SIZE = 112;

  /** What the macro {@code deflateInit2} calls. */
  @IgnoreError
  int deflateInit2_(
      long stream,
      int level,
      int method,
      int windowBits,
      int memLevel,
      int strategy,
      long version,
      int streamSize);

  /** Compresses. */
  @IgnoreError
  int deflate(long stream, int flush);

  /** Frees what the stream holds. */
  @IgnoreError
  int deflateEnd(long stream);

  /** The version, such as "1.2.13". */
  String zlibVersion();
}
