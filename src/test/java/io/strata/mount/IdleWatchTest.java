package io.strata.mount;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A mount with a timeout of 160 seconds")
class IdleWatchTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(160);

  private final Mount mount = new Mount();
  private final IdleWatch watch = new IdleWatch(mount, TIMEOUT);

  /** In place of a mount: says what the test wants, and writes down when it is unmounted. */
  private static final class Mount implements IdleWatch.Watched {
    long requests = 5;
    boolean busy;
    long second;
    final List<Long> attempts = new ArrayList<>();

    @Override
    public long requests() {
      return requests;
    }

    @Override
    public boolean unmountUnused() {
      attempts.add(second);
      return !busy;
    }

    @Override
    public boolean awaitEnd(Duration longest) {
      throw new AssertionError("not here");
    }
  }

  private void pass(int seconds) throws InterruptedException {
    for (int i = 0; i < seconds; i++) {
      watch.look(Duration.ofSeconds(mount.second).toNanos());
      mount.second++;
    }
  }

  @Test
  @DisplayName("is looked at every 10 seconds")
  void step() {
    assertEquals(Duration.ofSeconds(10), IdleWatch.step(TIMEOUT));
  }

  @Test
  @DisplayName("is unmounted 160 seconds after the last use that may have stayed unseen")
  void unused() throws InterruptedException {
    pass(172);
    assertEquals(170, mount.attempts.getFirst());
  }

  @Test
  @DisplayName("stays for each request")
  void used() throws InterruptedException {
    for (int i = 0; i < 10; i++) {
      pass(100);
      mount.requests++;
    }
    assertEquals(List.of(), mount.attempts);
    pass(171);
    assertEquals(List.of(1170L), mount.attempts);
  }

  @Test
  @DisplayName("that is busy without requests is tried again after as long")
  void busy() throws InterruptedException {
    mount.busy = true;
    pass(171 * 2);
    assertEquals(List.of(170L, 340L), mount.attempts);
  }
}
