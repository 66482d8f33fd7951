package io.strata.codec.natives;

import jnr.ffi.annotations.IgnoreError;

/** libzstd, of zstd.h. */
public interface Libzstd {
  /** The number of bytes written, or a code that {@link #ZSTD_isError} knows. */
  @IgnoreError
  long ZSTD_compress(long dst, long dstCapacity, long src, long srcSize, int compressionLevel);

  /** Not 0 if {@code code} is an error. */
  @IgnoreError
  int ZSTD_isError(long code);

  /** What the error is. */
  String ZSTD_getErrorName(long code);

  /** The version, such as "1.5.4". */
  String ZSTD_versionString();
}
