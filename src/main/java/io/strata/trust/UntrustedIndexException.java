package io.strata.trust;

import org.jspecify.annotations.Nullable;

/** An index is not signed by whom it should be, can't be checked, or is older than it may be. */
public final class UntrustedIndexException extends Exception {
  private static final long serialVersionUID = 1L;

  /** A refusal that no other exception caused. */
  public UntrustedIndexException(String message) {
    super(message);
  }

  /** A refusal with its cause. */
  public UntrustedIndexException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
