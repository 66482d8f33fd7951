package io.strata.sync;

/** Hears how far one step has come. */
@FunctionalInterface
public interface ByteProgress {

  /**
   * How far it is.
   *
   * @param done bytes
   * @param total bytes; 0 where nobody knows
   */
  void at(long done, long total);
}
