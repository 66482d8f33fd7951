package io.strata.trust;

import org.jspecify.annotations.Nullable;

/** An index is malformed, or names what it does not list; the message says which line or name. */
public final class IndexException extends Exception {
  private static final long serialVersionUID = 1L;

  /** A fault that no other exception caused. */
  public IndexException(String message) {
    super(message);
  }

  /** A fault with its cause. */
  public IndexException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
