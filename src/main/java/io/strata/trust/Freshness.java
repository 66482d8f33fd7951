package io.strata.trust;

import java.time.Duration;
import java.time.Instant;

/**
 * How old an index may be: a mirror that is kept from the news, or keeps them from others, serves
 * an index that was good once for ever.
 */
public enum Freshness {
  /** Not older than the maximum age. */
  FRESH,
  /** Older than that; a warning. */
  OLD,
  /** Older than twice the maximum age; a failure. */
  EXPIRED,
  /** Signed at a time that is still to come; a failure, for none that is true could follow it. */
  FUTURE;

  /** How much the clocks of a publisher and of this machine may differ. */
  private static final Duration SKEW = Duration.ofDays(1);

  /**
   * Judges an index.
   *
   * @param signed when its signature was made
   * @param maxAge positive
   */
  public static Freshness of(Instant signed, Duration maxAge, Instant now) {
    if (isFuture(signed, now)) {
      return FUTURE;
    }
    Duration age = Duration.between(signed, now);
    if (age.compareTo(maxAge) <= 0) {
      return FRESH;
    }
    return age.minus(maxAge).compareTo(maxAge) <= 0 ? OLD : EXPIRED;
  }

  /** Whether a signature was made later than any clock that is right can say now. */
  public static boolean isFuture(Instant signed, Instant now) {
    return signed.isAfter(now.plus(SKEW));
  }
}
