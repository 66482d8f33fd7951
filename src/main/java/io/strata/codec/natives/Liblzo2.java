package io.strata.codec.natives;

import jnr.ffi.annotations.IgnoreError;

/** liblzo2, of lzo/lzo1x.h. */
public interface Liblzo2 {
  /** Success. */
  int LZO_E_OK = 0;

  /** The input ends too early. */
  int LZO_E_INPUT_OVERRUN = -4;

  /** The output does not fit. */
  int LZO_E_OUTPUT_OVERRUN = -5;

  /** A match reaches before the output. */
  int LZO_E_LOOKBEHIND_OVERRUN = -6;

  /** No end marker. */
  int LZO_E_EOF_NOT_FOUND = -7;

  /** Something follows the end marker. */
  int LZO_E_INPUT_NOT_CONSUMED = -8;

  /** Bytes of work memory for {@link #lzo1x_999_compress_level}. */
  int LZO1X_999_MEM_COMPRESS = 14 * 16384 * Short.BYTES;

  /** Does not check the size of {@code dst}: it must hold the worst case. */
  @IgnoreError
  int lzo1x_999_compress_level(
      long src,
      long srcLen,
      long dst,
      long dstLen,
      long wrkmem,
      long dict,
      long dictLen,
      long callback,
      int compressionLevel);

  /**
   * Changes {@code src}, the compressed block, in place, while it decompresses it to {@code dst}.
   */
  @IgnoreError
  int lzo1x_optimize(long src, long srcLen, long dst, long dstLen, long wrkmem);

  /** The version, such as "2.10". */
  String lzo_version_string();
}
