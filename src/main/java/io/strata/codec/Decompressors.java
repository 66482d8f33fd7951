package io.strata.codec;

import io.strata.codec.natives.NativeLibrary;
import io.strata.natives.SharedLibrary;

/** Chooses the decompressor: a native one where its library is here, else one in Java. */
public final class Decompressors {
  private Decompressors() {}

  /**
   * A decompressor for blocks of {@code compression}. There is one for each, on every system.
   *
   * <p>Loads libraries: ask once per image and keep the answer.
   */
  public static Decompressor of(Compression compression) {
    return switch (compression) {
      case GZIP -> new GzipDecompressor();
      case LZMA -> new LzmaDecompressor();
      case LZO -> lzo();
      case XZ -> xz();
      case LZ4 -> new Lz4Decompressor();
      case ZSTD -> new ZstdDecompressor();
    };
  }

  private static Decompressor lzo() {
    SharedLibrary library = NativeLibrary.LZO.openOrNull();
    return library == null ? new LzoJavaDecompressor() : new LzoNativeDecompressor(library);
  }

  private static Decompressor xz() {
    SharedLibrary library = NativeLibrary.LZMA.openOrNull();
    return library == null ? new XzJavaDecompressor() : new XzNativeDecompressor(library);
  }
}
