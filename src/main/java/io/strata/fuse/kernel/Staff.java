package io.strata.fuse.kernel;

import io.strata.fuse.Counters;
import io.strata.fuse.FuseMountException;
import io.strata.posix.Posix;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** All threads of one mount: those that serve /dev/fuse, and those of rings, if there are any. */
final class Staff {
  private final Crew crew;
  private final @Nullable RingCrew rings;
  private final boolean timed;

  private Staff(Crew crew, @Nullable RingCrew rings, boolean timed) {
    this.crew = crew;
    this.rings = rings;
    this.timed = timed;
  }

  /**
   * A crew that serves all requests by reading the device.
   *
   * @param device open until the end
   * @param name what the threads' names begin with
   * @param threads how many may listen
   * @param atEnd runs once, on the last thread, when all is over
   */
  static Staff ofDevice(
      Posix posix, Device device, Work work, String name, int threads, Runnable atEnd) {
    Crew.Manner manner = new Crew.Manner(threads, true, posix);
    return new Staff(new Crew(device, work, name, manner, atEnd), null, work.timed());
  }

  /** The same with rings for all but FORGET and INTERRUPT, for which nobody waits. */
  static Staff withRings(Posix posix, Device device, Work work, String name, Runnable atEnd)
      throws FuseMountException {
    AtomicInteger parts = new AtomicInteger(2);
    Runnable atEndOfPart =
        () -> {
          if (parts.decrementAndGet() == 0) {
            atEnd.run();
          }
        };
    int queues = RingOffer.queues();
    RingCrew rings = new RingCrew(posix, device.descriptor(), work, name, queues, atEndOfPart);
    Crew.Manner manner = new Crew.Manner(1, false, posix);
    return new Staff(new Crew(device, work, name, manner, atEndOfPart), rings, work.timed());
  }

  /** Starts all of them; if that fails, none serves, and {@code atEnd} will not run. */
  void start() throws FuseMountException {
    if (rings != null) {
      rings.start();
    }
    crew.start();
  }

  /** What all of them served. */
  Counters counters() {
    Counters sum = new Counters(timed);
    crew.addTo(sum);
    if (rings != null) {
      rings.addTo(sum);
    }
    return sum;
  }
}
