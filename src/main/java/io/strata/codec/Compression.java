package io.strata.codec;

/**
 * The compression algorithms of SquashFS 4.0, with the numbers that a superblock has for them.
 *
 * <p>Source: {@code ZLIB_COMPRESSION} to {@code ZSTD_COMPRESSION} of the kernel's squashfs_fs.h.
 */
public enum Compression {
  /** A zlib stream, RFC 1950. */
  GZIP(1),
  /** The old .lzma format with its 13 byte header. */
  LZMA(2),
  /** LZO1X. */
  LZO(3),
  /** An .xz file of one stream. */
  XZ(4),
  /** An LZ4 block without a frame. */
  LZ4(5),
  /** Zstandard frames, RFC 8878. */
  ZSTD(6);

  private final int id;

  Compression(int id) {
    this.id = id;
  }

  /** The number of this algorithm in a superblock, 1 to 6. */
  public int id() {
    return id;
  }

  /**
   * The algorithm with number {@code id}.
   *
   * @throws CodecException if there is none
   */
  public static Compression ofId(int id) throws CodecException {
    for (Compression compression : values()) {
      if (compression.id == id) {
        return compression;
      }
    }
    throw new CodecException("unknown compression " + id + ", known are 1 (gzip) to 6 (zstd)");
  }

  /** The name that mksquashfs has for it, such as {@code "lz4"}. */
  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
