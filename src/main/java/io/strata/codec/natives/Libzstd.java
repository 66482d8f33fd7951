package io.strata.codec.natives;

import io.strata.natives.NativeFunction;
import io.strata.natives.SharedLibrary;

/** libzstd, of zstd.h. Pointers and {@code size_t} are {@code long}. */
public final class Libzstd {
  private final NativeFunction compress;
  private final NativeFunction isError;
  private final NativeFunction errorName;
  private final NativeFunction version;

  /** The functions of an open library. */
  public Libzstd(SharedLibrary library) {
    compress = library.function("ZSTD_compress");
    isError = library.function("ZSTD_isError");
    errorName = library.function("ZSTD_getErrorName");
    version = library.function("ZSTD_versionString");
  }

  /** The number of bytes written, or a code that {@link #ZSTD_isError} knows. */
  public long ZSTD_compress(
      long dst, long dstCapacity, long src, long srcSize, int compressionLevel) {
    return compress.call(dst, dstCapacity, src, srcSize, compressionLevel);
  }

  /** Whether {@code code} is an error. */
  public boolean ZSTD_isError(long code) {
    return (int) isError.call(code) != 0;
  }

  /** What the error is. */
  public String ZSTD_getErrorName(long code) {
    return errorName.callForString(code);
  }

  /** The version, such as "1.5.4". */
  public String ZSTD_versionString() {
    return version.callForString();
  }
}
