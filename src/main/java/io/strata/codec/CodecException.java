package io.strata.codec;

/**
 * A block can't be decompressed or compressed; the message says what is wrong with it, and where.
 */
public final class CodecException extends Exception {
  private static final long serialVersionUID = 1L;

  /** With what is wrong. */
  public CodecException(String message) {
    super(message);
  }

  /** With what is wrong, and what said so. */
  public CodecException(String message, Throwable cause) {
    super(message, cause);
  }
}
