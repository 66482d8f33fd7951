package io.strata.sync;

import io.strata.store.NoSpaceException;
import io.strata.store.StoreException;
import org.jspecify.annotations.Nullable;

/** A sync can't be done; the message names the file or address and what the user can do. */
public final class SyncException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Failure failure;

  /** A failure that no other exception caused. */
  public SyncException(Failure failure, String message) {
    this(failure, message, null);
  }

  /** A failure with its cause. */
  public SyncException(Failure failure, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.failure = failure;
  }

  /** The class of the failure. */
  public Failure failure() {
    return failure;
  }

  /** A failure of the image cache. */
  static SyncException of(StoreException e) {
    Failure failure = e instanceof NoSpaceException ? Failure.NO_SPACE : Failure.STORE;
    return new SyncException(failure, String.valueOf(e.getMessage()), e);
  }
}
