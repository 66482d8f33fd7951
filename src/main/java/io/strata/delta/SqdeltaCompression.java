package io.strata.delta;

import io.strata.codec.CodecException;
import io.strata.codec.Compression;
import io.strata.codec.Compressor;
import io.strata.codec.Compressors;
import java.util.List;

/**
 * How the blocks of a delta are compressed: the third word of its header.
 *
 * <p>Where upstream's FORMAT text and its code differ, this is the code: {@code optimized} is 0x10
 * there, bit 8 in the text.
 */
public sealed interface SqdeltaCompression {
  /** Bits 24 to 31 for LZO. */
  int ID_LZO = 1;

  /** Bits 24 to 31 for LZ4. */
  int ID_LZ4 = 2;

  /** The word in the header. */
  int value();

  /** The decompressor that the blocks want. */
  Compression algorithm();

  /**
   * What can have made the blocks, the most probable first. All blocks of an image come from one.
   *
   * @throws CodecException if the library is not on this system
   */
  List<Compressor> compressors() throws CodecException;

  /**
   * What upstream's squashmerge compresses such blocks with: a delta that is made for it may list
   * only what comes back from this.
   *
   * @throws CodecException if the library is not on this system
   */
  Compressor upstream() throws CodecException;

  /** What may have made the blocks of an image that says this, the most probable first. */
  default List<SqdeltaCompression> variants() {
    return List.of(this);
  }

  /**
   * Reads the word.
   *
   * @throws DeltaException if the compressor is not known, or an option of it
   */
  static SqdeltaCompression of(int value) throws DeltaException {
    int options = value & 0xffffff;
    return switch (value >>> 24) {
      case ID_LZO -> Lzo.of(options);
      case ID_LZ4 -> Lz4.of(options);
      default ->
          throw new DeltaException(
              "unknown compressor 0x%08x; known are LZO and LZ4".formatted(value));
    };
  }

  /**
   * LZO1X-999.
   *
   * @param level 1 to 9
   * @param optimized whether {@code lzo1x_optimize} goes over each block
   */
  record Lzo(int level, boolean optimized) implements SqdeltaCompression {
    private static final int LEVEL_MASK = 0x0f;
    private static final int OPTIMIZED = 0x10;

    /** Refuses a level that LZO does not have. */
    public Lzo {
      if (level < 1 || level > 9) {
        throw new IllegalArgumentException("LZO level " + level + " is not in 1 to 9");
      }
    }

    private static Lzo of(int options) throws DeltaException {
      int level = options & LEVEL_MASK;
      if ((options & ~(LEVEL_MASK | OPTIMIZED)) != 0) {
        throw new DeltaException("unknown LZO options 0x%06x".formatted(options));
      }
      if (level < 1 || level > 9) {
        throw new DeltaException("LZO level " + level + " is not in 1 to 9");
      }
      return new Lzo(level, (options & OPTIMIZED) != 0);
    }

    @Override
    public int value() {
      return ID_LZO << 24 | level | (optimized ? OPTIMIZED : 0);
    }

    @Override
    public Compression algorithm() {
      return Compression.LZO;
    }

    @Override
    public List<Compressor> compressors() throws CodecException {
      return List.of(upstream());
    }

    @Override
    public Compressor upstream() throws CodecException {
      return Compressors.lzo(level, optimized);
    }

    /** The image tells the level only: mksquashfs optimizes, other programs need not. */
    @Override
    public List<SqdeltaCompression> variants() {
      return List.of(this, new Lzo(level, !optimized));
    }

    @Override
    public String toString() {
      return "lzo, level " + level + (optimized ? ", optimized" : "");
    }
  }

  /**
   * LZ4.
   *
   * @param highCompression whether LZ4HC made the blocks
   */
  record Lz4(boolean highCompression) implements SqdeltaCompression {
    private static final int HC = 1;
    private static final int LEVEL_OF_MKSQUASHFS = 12;
    private static final int LEVEL_OF_2014 = 9;

    private static Lz4 of(int options) throws DeltaException {
      if ((options & ~HC) != 0) {
        throw new DeltaException("unknown LZ4 options 0x%06x".formatted(options));
      }
      return new Lz4((options & HC) != 0);
    }

    @Override
    public int value() {
      return ID_LZ4 << 24 | (highCompression ? HC : 0);
    }

    @Override
    public Compression algorithm() {
      return Compression.LZ4;
    }

    /** The header can't say the level of LZ4HC: mksquashfs takes 12, and took 9 long ago. */
    @Override
    public List<Compressor> compressors() throws CodecException {
      return highCompression
          ? List.of(Compressors.lz4hc(LEVEL_OF_MKSQUASHFS), Compressors.lz4hc(LEVEL_OF_2014))
          : List.of(Compressors.lz4());
    }

    /** Squashmerge calls LZ4_compressHC, which has no level and takes 9. */
    @Override
    public Compressor upstream() throws CodecException {
      return highCompression ? Compressors.lz4hc(LEVEL_OF_2014) : Compressors.lz4();
    }

    @Override
    public String toString() {
      return highCompression ? "lz4, high compression" : "lz4";
    }
  }

  /**
   * Any other word: legal where no block is listed, because nothing has to be compressed then.
   *
   * @param value the word as it is
   */
  record None(int value) implements SqdeltaCompression {
    @Override
    public Compression algorithm() {
      throw new IllegalStateException("a delta without blocks has no compressor");
    }

    @Override
    public List<Compressor> compressors() {
      return List.of();
    }

    @Override
    public Compressor upstream() {
      throw new IllegalStateException("a delta without blocks has no compressor");
    }

    @Override
    public String toString() {
      return value == 0 ? "none" : "none (0x%08x)".formatted(value);
    }
  }
}
