package io.strata.delta;

import java.io.IOException;

/** Bytes that can be read from anywhere. */
interface RandomBytes {
  /** How many there are. */
  long length();

  /**
   * Says where the next reads will be, up to the next call.
   *
   * @param offset of the range, which must be inside
   */
  default void focus(long offset, long length) throws IOException {}

  /**
   * Reads a range, which must be inside.
   *
   * @param offset of its first byte
   * @param target receives it, from index {@code at} on
   */
  void read(long offset, byte[] target, int at, int length) throws IOException, DeltaException;
}
