package io.strata.codec;

/** How much memory a hostile LZMA stream may ask for. */
final class XzMemory {
  /** Bytes: a dictionary is never larger than a block of 1 MiB, the rest is liblzma's own. */
  static final long LIMIT = 32L << 20;

  /** The same in KiB, as the Java decoder wants it. */
  static final int LIMIT_KIB = (int) (LIMIT >> 10);

  private XzMemory() {}
}
