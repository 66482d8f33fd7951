package io.strata.delta;

/**
 * This system's library compresses a block to something else than the image holds.
 *
 * <p>The delta may be sound: it wants another version of the library. The full image is the way
 * out.
 */
public final class RecompressionException extends DeltaException {
  private static final long serialVersionUID = 1L;

  private final int block;
  private final String library;

  /** With what differs, the number of the block, and the library that gave it. */
  public RecompressionException(String message, int block, String library) {
    super(message);
    this.block = block;
    this.library = library;
  }

  /** The number of the block in the target's list, from 0. */
  public int block() {
    return block;
  }

  /** The library and its version, such as {@code "liblz4 1.9.4"}. */
  public String library() {
    return library;
  }
}
