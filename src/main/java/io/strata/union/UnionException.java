package io.strata.union;

/** A union can't be put together; says which directory or image is at fault and what to do. */
public class UnionException extends Exception {
  private static final long serialVersionUID = 1L;

  public UnionException(String message) {
    super(message);
  }

  public UnionException(String message, Throwable cause) {
    super(message, cause);
  }
}
