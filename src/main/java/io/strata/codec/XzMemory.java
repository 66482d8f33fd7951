package io.strata.codec;

/** How much memory a hostile LZMA stream may ask for. */
final class XzMemory {
  /**
   * Bytes: the kernel takes no dictionary that is larger than a block, of at most 1 MiB; the rest
   * is the decoders' own. Each thread that decompresses may take so much.
   */
  static final long LIMIT = 4L << 20;

  /** The same in KiB, as the Java decoder wants it. */
  static final int LIMIT_KIB = (int) (LIMIT >> 10);

  private XzMemory() {}
}
