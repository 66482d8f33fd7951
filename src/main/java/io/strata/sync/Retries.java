package io.strata.sync;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/**
 * How often what a mirror failed to do is tried again, and after which pauses: each up to twice as
 * long as the one before, and by chance down to half of that, so that many machines do not come
 * back at once.
 *
 * @param attempts in all, 1 or more
 * @param first the longest that the first pause may be
 * @param longest that any pause may be, also one that the mirror asks for
 * @param chance from 0 (the shortest pause) to 1 (the longest)
 * @param sleep waits
 */
public record Retries(
    int attempts, Duration first, Duration longest, DoubleSupplier chance, Sleep sleep) {
  private static final int MAX_DOUBLINGS = 20;

  /** What suits a mirror that many machines use. */
  public static final Retries DEFAULT =
      new Retries(
          3,
          Duration.ofSeconds(2),
          Duration.ofSeconds(30),
          () -> ThreadLocalRandom.current().nextDouble(),
          Thread::sleep);

  /** As often, without pauses. */
  public static final Retries AT_ONCE =
      new Retries(DEFAULT.attempts(), Duration.ZERO, Duration.ZERO, () -> 0, _ -> {});

  /** Waits. */
  @FunctionalInterface
  public interface Sleep {
    /** Returns after that time. */
    void of(Duration time) throws InterruptedException;
  }

  /**
   * How long to wait before a retry.
   *
   * @param retry 1 for the first
   * @param asked what the mirror asked for; zero if nothing
   */
  Duration before(int retry, Duration asked) {
    Duration grown = first.multipliedBy(1L << Math.min(MAX_DOUBLINGS, retry - 1));
    Duration most = grown.compareTo(longest) < 0 ? grown : longest;
    Duration chosen = Duration.ofNanos((long) (most.toNanos() * (0.5 + chance.getAsDouble() / 2)));
    Duration wanted = asked.compareTo(chosen) > 0 ? asked : chosen;
    return wanted.compareTo(longest) < 0 ? wanted : longest;
  }

  /** Waits that long. */
  void pause(Duration time) throws SyncException {
    try {
      sleep.of(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SyncException(Failure.DOWNLOAD, "interrupted while waiting for a mirror", e);
    }
  }
}
