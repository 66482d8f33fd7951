package io.strata.sync;

import java.time.Duration;

/**
 * How long a mirror may keep a sync waiting.
 *
 * @param connect for the connection
 * @param answer for the answer's header, once connected
 * @param stall between any two pieces of a body
 */
public record Timeouts(Duration connect, Duration answer, Duration stall) {
  /** What suits people and slow mirrors. */
  public static final Timeouts DEFAULT =
      new Timeouts(Duration.ofSeconds(15), Duration.ofSeconds(30), Duration.ofSeconds(30));
}
