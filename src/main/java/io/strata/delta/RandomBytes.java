package io.strata.delta;

import java.io.IOException;

/** Bytes that can be read from anywhere. */
interface RandomBytes {
  /** How many there are. */
  long length();

  /**
   * Reads a range, which must be inside.
   *
   * @param offset of its first byte
   * @param target receives it, from index {@code at} on
   */
  void read(long offset, byte[] target, int at, int length) throws IOException, DeltaException;
}
