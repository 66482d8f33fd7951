package io.strata.sync;

import io.strata.store.NoSpaceException;
import io.strata.store.StoreException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A sync can't be done; the message names the file or address and what the user can do. */
public final class SyncException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Failure failure;
  private final long missing; // -1: not known

  /** A failure that no other exception caused. */
  public SyncException(Failure failure, String message) {
    this(failure, message, null);
  }

  /** A failure with its cause. */
  public SyncException(Failure failure, String message, @Nullable Throwable cause) {
    this(failure, message, cause, OptionalLong.empty());
  }

  /** A failure for want of {@code missing} bytes of space. */
  SyncException(Failure failure, String message, @Nullable Throwable cause, OptionalLong missing) {
    super(message, cause);
    this.failure = failure;
    this.missing = missing.orElse(-1);
  }

  /** The class of the failure. */
  public Failure failure() {
    return failure;
  }

  /** How many bytes of space are missing; empty if that is not the matter, or not known. */
  OptionalLong missing() {
    return missing < 0 ? OptionalLong.empty() : OptionalLong.of(missing);
  }

  /** A failure of the image cache. */
  static SyncException of(StoreException e) {
    Failure failure = e instanceof NoSpaceException ? Failure.NO_SPACE : Failure.STORE;
    return new SyncException(failure, String.valueOf(e.getMessage()), e);
  }
}
