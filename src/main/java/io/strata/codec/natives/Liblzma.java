package io.strata.codec.natives;

import io.strata.natives.NativeFunction;
import io.strata.natives.SharedLibrary;

/** liblzma, of lzma/container.h. Pointers and {@code size_t} are {@code long}. */
public final class Liblzma {
  /** Success. */
  public static final int LZMA_OK = 0;

  /** No memory. */
  public static final int LZMA_MEM_ERROR = 5;

  /** The given memory limit does not suffice. */
  public static final int LZMA_MEMLIMIT_ERROR = 6;

  /** Not an .xz file. */
  public static final int LZMA_FORMAT_ERROR = 7;

  /** Unknown options. */
  public static final int LZMA_OPTIONS_ERROR = 8;

  /** Corrupt, or cut off. */
  public static final int LZMA_DATA_ERROR = 9;

  /** The output does not fit. */
  public static final int LZMA_BUF_ERROR = 10;

  /** For {@code lzma_stream_buffer_encode}: CRC32. */
  public static final int LZMA_CHECK_CRC32 = 1;

  /** The preset of xz without options. */
  public static final int LZMA_PRESET_DEFAULT = 6;

  /** The filter LZMA2. */
  public static final long LZMA_FILTER_LZMA2 = 0x21;

  /**
   * The filter for x86 programs; those for PowerPC, IA-64, ARM, ARM-Thumb, SPARC, and where the
   * library has them ARM64 and RISC-V follow.
   */
  public static final long LZMA_FILTER_X86 = 0x04;

  /** Ends an array of filters. */
  public static final long LZMA_VLI_UNKNOWN = -1;

  private final NativeFunction preset;
  private final NativeFunction encode;
  private final NativeFunction version;

  /** The functions of an open library. */
  public Liblzma(SharedLibrary library) {
    preset = library.function("lzma_lzma_preset");
    encode = library.function("lzma_stream_buffer_encode");
    version = library.function("lzma_version_string");
  }

  /** Fills an lzma_options_lzma. Whether the preset is not known. */
  public boolean lzma_lzma_preset(long options, int number) {
    return (preset.call(options, number) & 0xff) != 0;
  }

  /** Encodes one .xz stream. */
  public int lzma_stream_buffer_encode(
      long filters,
      int check,
      long allocator,
      long in,
      long inSize,
      long out,
      long outPos,
      long outSize) {
    return (int) encode.callMany(filters, check, allocator, in, inSize, out, outPos, outSize);
  }

  /** The version, such as "5.4.1". */
  public String lzma_version_string() {
    return version.callForString();
  }
}
