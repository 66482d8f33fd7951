package io.strata.codec.natives;

import io.strata.natives.NativeFunction;
import io.strata.natives.SharedLibrary;

/** liblz4, of lz4.h and lz4hc.h. Pointers are {@code long}. */
public final class Liblz4 {
  private final NativeFunction compress;
  private final NativeFunction compressHighly;
  private final NativeFunction version;

  /** The functions of an open library. */
  public Liblz4(SharedLibrary library) {
    compress = library.function("LZ4_compress_default");
    compressHighly = library.function("LZ4_compress_HC");
    version = library.function("LZ4_versionString");
  }

  /** The number of bytes written, or 0 if they do not fit. */
  public int LZ4_compress_default(long src, long dst, int srcSize, int dstCapacity) {
    return (int) compress.call(src, dst, srcSize, dstCapacity);
  }

  /** The number of bytes written, or 0 if they do not fit. */
  public int LZ4_compress_HC(
      long src, long dst, int srcSize, int dstCapacity, int compressionLevel) {
    return (int) compressHighly.call(src, dst, srcSize, dstCapacity, compressionLevel);
  }

  /** The version, such as "1.9.4". */
  public String LZ4_versionString() {
    return version.callForString();
  }
}
