package io.strata.store;

import org.jspecify.annotations.Nullable;

/** The file system that holds the image cache has no room left, or the user's quota is used up. */
public final class NoSpaceException extends StoreException {
  private static final long serialVersionUID = 1L;

  /** Says what could not be written. */
  public NoSpaceException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
