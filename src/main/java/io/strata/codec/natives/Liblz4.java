package io.strata.codec.natives;

import jnr.ffi.annotations.IgnoreError;

/** liblz4, of lz4.h and lz4hc.h. */
public interface Liblz4 {
  /** The number of bytes written, or 0 if they do not fit. */
  @IgnoreError
  int LZ4_compress_default(long src, long dst, int srcSize, int dstCapacity);

  /** The number of bytes written, or 0 if they do not fit. */
  @IgnoreError
  int LZ4_compress_HC(long src, long dst, int srcSize, int dstCapacity, int compressionLevel);

  /** The version, such as "1.9.4". */
  String LZ4_versionString();
}
