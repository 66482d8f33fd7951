package io.strata.blocks;

/** What should be a block index is none; the message says why. */
public final class BlockIndexException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Says what is wrong. */
  public BlockIndexException(String message) {
    super(message);
  }
}
