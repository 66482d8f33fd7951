package io.strata.codec.natives;

import jnr.ffi.annotations.IgnoreError;

/** liblzma, of lzma/container.h. */
public interface Liblzma {
  /** Success. */
  int LZMA_OK = 0;

  /** No memory. */
  int LZMA_MEM_ERROR = 5;

  /** The given memory limit does not suffice. */
  int LZMA_MEMLIMIT_ERROR = 6;

  /** Not an .xz file. */
  int LZMA_FORMAT_ERROR = 7;

  /** Unknown options. */
  int LZMA_OPTIONS_ERROR = 8;

  /** Corrupt, or cut off. */
  int LZMA_DATA_ERROR = 9;

  /** The output does not fit. */
  int LZMA_BUF_ERROR = 10;

  /** For {@code lzma_stream_buffer_encode}: CRC32. */
  int LZMA_CHECK_CRC32 = 1;

  /** The preset of xz without options. */
  int LZMA_PRESET_DEFAULT = 6;

  /** The filter LZMA2. */
  long LZMA_FILTER_LZMA2 = 0x21;

  /** Ends an array of filters. */
  long LZMA_VLI_UNKNOWN = -1;

  /** Fills an lzma_options_lzma. Not 0 if the preset is not known. */
  @IgnoreError
  int lzma_lzma_preset(long options, int preset);

  /** Encodes one .xz stream. */
  @IgnoreError
  int lzma_stream_buffer_encode(
      long filters,
      int check,
      long allocator,
      long in,
      long inSize,
      long out,
      long outPos,
      long outSize);

  /** The version, such as "5.4.1". */
  String lzma_version_string();
}
