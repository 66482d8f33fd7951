package io.strata.delta.sqdelta2;

import io.strata.codec.CodecException;
import io.strata.codec.Compression;
import io.strata.codec.Compressor;
import io.strata.codec.Compressors;
import io.strata.delta.DeltaException;

/**
 * One way in which blocks are compressed again, 8 bytes in a delta.
 *
 * @param algorithm u8: the number that a superblock has for it; lzma is not among them
 * @param level u8: gzip and lzo 1 to 9, lz4 0 (not HC) to 12, zstd 1 to 22, xz 0
 * @param option u8: gzip's strategy, 0 to 4; lzo: 1 if optimized, else 0; xz: the filter for
 *     programs before data, 0 for none, to 8; otherwise 0
 * @param window u8: gzip's window bits, 8 to 15; otherwise 0
 * @param dictionary u32: xz's dictionary for data, 4 KiB to 1 MiB; otherwise 0. For metadata it is
 *     8192
 */
record Recompression(Compression algorithm, int level, int option, int window, int dictionary) {
  static final int SIZE = 8;

  /**
   * Reads and checks one.
   *
   * @throws DeltaException if a field is not in its range
   */
  static Recompression read(ByteReader in) throws DeltaException {
    Compression algorithm;
    try {
      algorithm = Compression.ofId(in.u8());
    } catch (CodecException e) {
      throw new DeltaException("has an " + e.getMessage(), e);
    }
    Recompression read = new Recompression(algorithm, in.u8(), in.u8(), in.u8(), in.i32());
    if (!read.isInRange()) {
      throw new DeltaException("has a compressor that is not known: " + read);
    }
    return read;
  }

  private boolean isInRange() {
    return switch (algorithm) {
      case GZIP -> isIn(level, 1, 9) && option <= 4 && isIn(window, 8, 15) && dictionary == 0;
      case LZO -> isIn(level, 1, 9) && option <= 1 && window == 0 && dictionary == 0;
      case LZ4 -> isIn(level, 0, 12) && option == 0 && window == 0 && dictionary == 0;
      case ZSTD -> isIn(level, 1, 22) && option == 0 && window == 0 && dictionary == 0;
      case XZ -> level == 0 && option <= 8 && window == 0 && isIn(dictionary, 1 << 12, 1 << 20);
      case LZMA -> false;
    };
  }

  private static boolean isIn(int value, int least, int most) {
    return value >= least && value <= most;
  }

  void write(ByteWriter out) {
    out.u8(algorithm.id()).u8(level).u8(option).u8(window).u32(dictionary);
  }

  /**
   * The compressor for data blocks and fragments.
   *
   * @throws CodecException if its library is not on this system
   */
  Compressor forData() throws CodecException {
    return sameForMetadata() ? forMetadata() : Compressors.xz(dictionary, option);
  }

  /** Whether the same compressor serves for both; loading one takes time. */
  boolean sameForMetadata() {
    return algorithm != Compression.XZ;
  }

  /** The compressor for metadata blocks. */
  Compressor forMetadata() throws CodecException {
    return switch (algorithm) {
      case GZIP -> Compressors.gzip(level, window, option);
      case LZO -> Compressors.lzo(level, option != 0);
      case LZ4 -> level == 0 ? Compressors.lz4() : Compressors.lz4hc(level);
      case ZSTD -> Compressors.zstd(level);
      case XZ -> Compressors.xz(MetadataTable.METADATA_SIZE);
      case LZMA -> throw new CodecException("no library compresses lzma as mksquashfs does");
    };
  }
}
