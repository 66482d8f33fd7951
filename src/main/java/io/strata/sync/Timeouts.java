package io.strata.sync;

import java.time.Duration;

/**
 * How long a mirror may keep a sync waiting, and how often it is asked again.
 *
 * @param connect for the connection
 * @param answer for the answer's header, once connected
 * @param stall between any two pieces of a body
 * @param slowest bytes per second that a body must bring over each {@code stall} of waiting for it
 * @param retries of what failed in a way that may pass
 */
public record Timeouts(
    Duration connect, Duration answer, Duration stall, long slowest, Retries retries) {
  /** What suits people and slow mirrors. */
  public static final Timeouts DEFAULT =
      new Timeouts(
          Duration.ofSeconds(15),
          Duration.ofSeconds(30),
          Duration.ofSeconds(20),
          1000,
          Retries.DEFAULT);

  /** These times, with the default rate, and retries without pauses. */
  public Timeouts(Duration connect, Duration answer, Duration stall) {
    this(connect, answer, stall, 1000, Retries.AT_ONCE);
  }
}
