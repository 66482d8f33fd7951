package io.strata.codec;

import io.strata.codec.natives.Liblz4;
import io.strata.codec.natives.Liblzma;
import io.strata.codec.natives.Liblzo2;
import io.strata.codec.natives.Libz;
import io.strata.codec.natives.Libzstd;
import io.strata.codec.natives.NativeLibrary;

/**
 * Makes compressors from the libraries of the system.
 *
 * <p>Each call looks the library's functions up anew: keep the answer. Every method throws {@link
 * CodecException} if the library is not on this system, and the message says what to install;
 * {@link IllegalArgumentException} if a parameter is out of its range.
 */
public final class Compressors {
  private Compressors() {}

  /**
   * LZO1X-999.
   *
   * @param level 1 to 9
   * @param optimized whether {@code lzo1x_optimize} goes over the result, as mksquashfs has it
   */
  public static Compressor lzo(int level, boolean optimized) throws CodecException {
    checkRange("LZO level", level, 1, 9);
    return new LzoCompressor(new Liblzo2(NativeLibrary.LZO.open()), level, optimized);
  }

  /** LZ4 as it is by default. */
  public static Compressor lz4() throws CodecException {
    return new Lz4Compressor(new Liblz4(NativeLibrary.LZ4.open()));
  }

  /**
   * LZ4 with high compression.
   *
   * @param level 1 to 12; mksquashfs -Xhc takes 12, the squashmerge program 9
   */
  public static Compressor lz4hc(int level) throws CodecException {
    checkRange("LZ4HC level", level, 1, 12);
    return new Lz4HcCompressor(new Liblz4(NativeLibrary.LZ4.open()), level);
  }

  /**
   * SquashFS's gzip, which is zlib.
   *
   * @param level 1 to 9
   * @param windowBits 8 to 15
   * @param strategy 0 to 4, {@code Z_DEFAULT_STRATEGY} to {@code Z_FIXED}
   */
  public static Compressor gzip(int level, int windowBits, int strategy) throws CodecException {
    checkRange("zlib level", level, 1, 9);
    checkRange("zlib window", windowBits, 8, 15);
    checkRange("zlib strategy", strategy, 0, 4);
    Libz library = new Libz(NativeLibrary.ZLIB.open());
    return new GzipCompressor(library, level, windowBits, Libz.DEF_MEM_LEVEL, strategy);
  }

  /**
   * Deflate as gzip files have it, without a header: window bits -15, the default strategy.
   *
   * @param level 1 to 9
   * @param memLevel 1 to 9
   */
  public static DeflateCompressor deflate(int level, int memLevel) throws CodecException {
    checkRange("zlib level", level, 1, 9);
    checkRange("zlib memory level", memLevel, 1, 9);
    return new GzipCompressor(new Libz(NativeLibrary.ZLIB.open()), level, -15, memLevel, 0);
  }

  /**
   * An .xz stream with LZMA2 alone, preset 6 and CRC32, as mksquashfs makes it.
   *
   * @param dictionarySize bytes, 4 KiB to 1 MiB: the block size, or 8192 for metadata
   */
  public static Compressor xz(int dictionarySize) throws CodecException {
    return xz(dictionarySize, 0);
  }

  /**
   * The same, maybe with one of liblzma's filters for programs before LZMA2, as {@code mksquashfs
   * -Xbcj} tries it.
   *
   * @param filter 0 for none; 1 to 8 for x86, PowerPC, IA-64, ARM, ARM-Thumb, SPARC, ARM64, RISC-V.
   *     One that the library lacks compresses nothing.
   */
  public static Compressor xz(int dictionarySize, int filter) throws CodecException {
    checkRange("xz dictionary", dictionarySize, 1 << 12, 1 << 20);
    checkRange("xz filter", filter, 0, 8);
    return new XzCompressor(new Liblzma(NativeLibrary.LZMA.open()), dictionarySize, filter);
  }

  /**
   * Zstandard.
   *
   * @param level 1 to 22
   */
  public static Compressor zstd(int level) throws CodecException {
    checkRange("zstd level", level, 1, 22);
    return new ZstdCompressor(new Libzstd(NativeLibrary.ZSTD.open()), level);
  }

  private static void checkRange(String what, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          what + " " + value + " is not in " + least + " to " + most);
    }
  }
}
