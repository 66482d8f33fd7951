package io.strata.publish;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * What the mirror keeps of a repository.
 *
 * @param snapshots how many of the last ones stay listed, the new one included; without, all do
 * @param deltaDays how old a delta may become; without, only those go that lead to no listed image
 * @param grace how long a file stays on the mirror that is no longer listed: clients that read the
 *     index before may still be downloading it
 */
public record RetentionOptions(OptionalInt snapshots, OptionalInt deltaDays, Duration grace) {
  /** All is kept, and what others stop listing goes after a day. */
  public static final RetentionOptions DEFAULT =
      new RetentionOptions(OptionalInt.empty(), OptionalInt.empty(), Duration.ofDays(1));

  /** Refuses what would not even keep what is published. */
  public RetentionOptions {
    if (snapshots.isPresent() && snapshots.getAsInt() < 1) {
      throw new IllegalArgumentException(
          "of " + snapshots.getAsInt() + " snapshots none is left; keep at least 1");
    }
    if (deltaDays.isPresent() && deltaDays.getAsInt() < 0) {
      throw new IllegalArgumentException(
          "deltas can't be kept for " + deltaDays.getAsInt() + " days; take 0 or more");
    }
    if (grace.isNegative()) {
      throw new IllegalArgumentException("a grace period of " + grace + " is none");
    }
  }
}
