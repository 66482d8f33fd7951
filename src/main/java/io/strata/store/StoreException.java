package io.strata.store;

import org.jspecify.annotations.Nullable;

/** The image cache can't be read or changed; the message names the file and the way out. */
public class StoreException extends Exception {
  private static final long serialVersionUID = 1L;

  /** A failure that no other exception caused. */
  public StoreException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public StoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
