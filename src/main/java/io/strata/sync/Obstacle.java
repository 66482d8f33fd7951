package io.strata.sync;

import java.util.OptionalLong;

/**
 * Why a way can't be gone.
 *
 * @param failure what the sync would fail with, if this were the only way
 * @param why in words
 * @param missing bytes of space that are missing; empty if that is not what it is about, or nobody
 *     knows
 */
public record Obstacle(Failure failure, String why, OptionalLong missing) {

  /** One that is not about space. */
  public Obstacle(Failure failure, String why) {
    this(failure, why, OptionalLong.empty());
  }

  static Obstacle of(SyncException e) {
    return new Obstacle(e.failure(), String.valueOf(e.getMessage()), e.missing());
  }

  SyncException toException() {
    return new SyncException(failure, why, null, missing);
  }
}
