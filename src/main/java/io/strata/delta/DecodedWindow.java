package io.strata.delta;

/** A window of the patch and what it made. */
final class DecodedWindow {
  private final int number;
  private final byte[] bytes;

  /** How many of its blocks are not compressed yet; guarded by the schedule. */
  int blocksLeft;

  /**
   * A window.
   *
   * @param bytes what it made, from index 0 on; there may be more room than that
   */
  DecodedWindow(int number, byte[] bytes) {
    this.number = number;
    this.bytes = bytes;
  }

  int number() {
    return number;
  }

  byte[] bytes() {
    return bytes;
  }
}
