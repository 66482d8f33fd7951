package io.strata.delta.sqdelta2;

import io.strata.codec.Compression;
import io.strata.delta.DeltaException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What mksquashfs can have compressed an image with, after the options that the image holds.
 *
 * <p>Source: {@code struct gzip_comp_opts} and its kin of squashfs-tools.
 */
final class CompressorGuess {
  private static final int GZIP_LEVEL = 9;
  private static final int GZIP_WINDOW = 15;
  private static final int GZIP_STRATEGIES = 5;
  private static final int LZO1X_999 = 4;
  private static final int LZO_LEVEL = 8;
  private static final int LZ4_HC = 1;
  private static final int ZSTD_LEVEL = 15;
  private static final int XZ_FILTERS = 8;

  private CompressorGuess() {}

  /** The ways to try, the most probable first; none if it can't be compressed again here. */
  static List<Recompression> of(ImageModel image) throws IOException, DeltaException {
    Superblock superblock = image.superblock();
    byte[] options = options(image);
    ByteReader in = new ByteReader("compressor options", options);
    boolean there = options.length >= 8 || options.length == 4;
    return switch (superblock.compression()) {
      case GZIP -> there ? gzip(in.i32(), in.u16(), in.u16()) : gzip(GZIP_LEVEL, GZIP_WINDOW, 1);
      case LZO -> there ? lzo(in.i32(), in.i32()) : lzo(LZO1X_999, LZO_LEVEL);
      case LZ4 -> lz4(there ? in.i64() >>> Integer.SIZE : 0);
      case XZ -> there ? xz(in.i32(), in.i32()) : xz(superblock.blockSize(), 0);
      case ZSTD -> zstd(there ? in.i32() : ZSTD_LEVEL);
      case LZMA -> List.of();
    };
  }

  private static byte[] options(ImageModel image) throws IOException, DeltaException {
    if (!image.superblock().hasOptions() || image.length() < Superblock.SIZE + 10) {
      return new byte[0];
    }
    int length = image.superblock().compression() == Compression.ZSTD ? 4 : 8;
    return image.reader().bytes(Superblock.SIZE + Short.BYTES, length);
  }

  private static List<Recompression> gzip(int level, int window, int strategies) {
    List<Recompression> ways = new ArrayList<>();
    for (int i = 0; i < GZIP_STRATEGIES; i++) {
      if ((strategies & 1 << i) != 0 || (strategies == 0 && i == 0)) {
        ways.add(new Recompression(Compression.GZIP, level, i, window, 0));
      }
    }
    return level >= 1 && level <= 9 && window >= 8 && window <= 15 ? ways : List.of();
  }

  private static List<Recompression> lzo(int algorithm, int level) {
    return algorithm == LZO1X_999 && level >= 1 && level <= 9
        ? List.of(
            new Recompression(Compression.LZO, level, 1, 0, 0),
            new Recompression(Compression.LZO, level, 0, 0, 0))
        : List.of();
  }

  private static List<Recompression> lz4(long flags) {
    return (flags & LZ4_HC) != 0
        ? List.of(
            new Recompression(Compression.LZ4, 12, 0, 0, 0),
            new Recompression(Compression.LZ4, 9, 0, 0, 0))
        : List.of(new Recompression(Compression.LZ4, 0, 0, 0, 0));
  }

  /** Without a filter and with each of them: mksquashfs keeps what is shortest. */
  private static List<Recompression> xz(int dictionary, int filters) {
    List<Recompression> ways = new ArrayList<>();
    for (int i = 0; i <= XZ_FILTERS; i++) {
      if (i == 0 || (filters & 1 << (i - 1)) != 0) {
        ways.add(new Recompression(Compression.XZ, 0, i, 0, dictionary));
      }
    }
    return dictionary >= 1 << 12 && dictionary <= 1 << 20 ? ways : List.of();
  }

  private static List<Recompression> zstd(int level) {
    return level >= 1 && level <= 22
        ? List.of(new Recompression(Compression.ZSTD, level, 0, 0, 0))
        : List.of();
  }
}
