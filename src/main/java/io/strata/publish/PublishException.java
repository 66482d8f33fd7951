package io.strata.publish;

import org.jspecify.annotations.Nullable;

/** A publication can't be made; the mirror is as it was. The message says why and the way out. */
public class PublishException extends Exception {
  private static final long serialVersionUID = 1L;

  /** A failure that no other exception caused. */
  public PublishException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public PublishException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
