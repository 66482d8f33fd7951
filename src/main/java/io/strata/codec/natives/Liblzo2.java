package io.strata.codec.natives;

import io.strata.natives.NativeFunction;
import io.strata.natives.SharedLibrary;

/** liblzo2, of lzo/lzo1x.h. Pointers and {@code lzo_uint} are {@code long}. */
public final class Liblzo2 {
  /** Success. */
  public static final int LZO_E_OK = 0;

  /** The input ends too early. */
  public static final int LZO_E_INPUT_OVERRUN = -4;

  /** The output does not fit. */
  public static final int LZO_E_OUTPUT_OVERRUN = -5;

  /** A match reaches before the output. */
  public static final int LZO_E_LOOKBEHIND_OVERRUN = -6;

  /** No end marker. */
  public static final int LZO_E_EOF_NOT_FOUND = -7;

  /** Something follows the end marker. */
  public static final int LZO_E_INPUT_NOT_CONSUMED = -8;

  /** Bytes of work memory for {@link #lzo1x_999_compress_level}. */
  public static final int LZO1X_999_MEM_COMPRESS = 14 * 16384 * Short.BYTES;

  private final NativeFunction compress;
  private final NativeFunction optimize;
  private final NativeFunction version;

  /** The functions of an open library. */
  public Liblzo2(SharedLibrary library) {
    compress = library.function("lzo1x_999_compress_level");
    optimize = library.function("lzo1x_optimize");
    version = library.function("lzo_version_string");
  }

  /** Does not check the size of {@code dst}: it must hold the worst case. */
  public int lzo1x_999_compress_level(
      long src,
      long srcLen,
      long dst,
      long dstLen,
      long wrkmem,
      long dict,
      long dictLen,
      long callback,
      int compressionLevel) {
    return (int)
        compress.callMany(
            src, srcLen, dst, dstLen, wrkmem, dict, dictLen, callback, compressionLevel);
  }

  /**
   * Changes {@code src}, the compressed block, in place, while it decompresses it to {@code dst}.
   */
  public int lzo1x_optimize(long src, long srcLen, long dst, long dstLen, long wrkmem) {
    return (int) optimize.call(src, srcLen, dst, dstLen, wrkmem);
  }

  /** The version, such as "2.10". */
  public String lzo_version_string() {
    return version.callForString();
  }
}
