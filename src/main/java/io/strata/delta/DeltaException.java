package io.strata.delta;

/** A delta can't be read, applied or made; the message names the file and what is wrong with it. */
public class DeltaException extends Exception {
  private static final long serialVersionUID = 1L;

  /** With what is wrong. */
  public DeltaException(String message) {
    super(message);
  }

  /** With what is wrong, and what said so. */
  public DeltaException(String message, Throwable cause) {
    super(message, cause);
  }
}
