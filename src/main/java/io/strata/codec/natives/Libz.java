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

  /** To end a block here, or, inflating, to come back at the end of each. */
  int Z_BLOCK = 5;

  /** Window bits of {@code inflate} for deflate without a header. */
  int RAW = -15;

  /** In {@link #DATA_TYPE}: where {@code inflate} is behind the end of a block. */
  int AT_BLOCK_END = 128;

  /** In {@link #DATA_TYPE}: where it is in the last block, or behind that. */
  int IN_LAST_BLOCK = 64;

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

  /** Offset of {@code int data_type}. */
  int DATA_TYPE = 88;

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

  /** What the macro {@code inflateInit2} calls. */
  @IgnoreError
  int inflateInit2_(long stream, int windowBits, long version, int streamSize);

  /** Decompresses. */
  @IgnoreError
  int inflate(long stream, int flush);

  /** Frees what the stream holds. */
  @IgnoreError
  int inflateEnd(long stream);

  /** The version, such as "1.2.13". */
  String zlibVersion();
}
