package io.strata.sync;

/**
 * Why a way can't be gone.
 *
 * @param failure what the sync would fail with, if this were the only way
 * @param why in words
 */
public record Obstacle(Failure failure, String why) {
  static Obstacle of(SyncException e) {
    return new Obstacle(e.failure(), String.valueOf(e.getMessage()));
  }
}
