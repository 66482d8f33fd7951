package io.strata.trust;

import org.jspecify.annotations.Nullable;

/** A key file is missing, can't be read or holds no key of the kind wanted. */
public final class KeyException extends Exception {
  private static final long serialVersionUID = 1L;

  /** A fault that no other exception caused. */
  public KeyException(String message) {
    super(message);
  }

  /** A fault with its cause. */
  public KeyException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
