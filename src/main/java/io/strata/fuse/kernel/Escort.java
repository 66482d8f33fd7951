package io.strata.fuse.kernel;

import io.strata.posix.ErrnoException;
import io.strata.posix.Posix;

/**
 * Keeps a listener on the processor of the one thread whose requests it serves, where there are two
 * processors. Belongs to the listener's thread.
 *
 * <p>To wake a thread on a processor that sleeps takes longer than to serve most requests, and both
 * sides do it with each one; on the same processor it is a mere switch. The listener does not look
 * for requests then, but sleeps, and a {@link Vigil} holds the other processor, lest the scheduler
 * take the caller there. It begins after some small requests of one thread in quick succession, and
 * ends with the first of another one, since two want both processors.
 */
final class Escort {
  /** Requests of one thread that follow each other sooner than this belong together. */
  static final long SOON = 1_000_000;

  /** So many in a row that do are worth an escort. */
  private static final int MANY = 16;

  /** So often, in requests, the caller's processor is looked up. */
  private static final int OFTEN = 64;

  private final Posix posix;
  private final Vigil vigil;
  private final CallerPlace callers;
  private int thread;
  private long last;
  private int row; // how many requests belong together
  private int processor = CallerPlace.UNKNOWN; // where the listener is kept

  Escort(Posix posix, Vigil vigil) {
    this.posix = posix;
    this.vigil = vigil;
    this.callers = new CallerPlace(posix);
  }

  /** Whether the listener is on its caller's processor. */
  boolean isClose() {
    return processor != CallerPlace.UNKNOWN;
  }

  /** A small request of {@code caller} has come. */
  void request(int caller) {
    long now = System.nanoTime();
    boolean belongs = caller == thread && now - last < SOON;
    last = now;
    if (!belongs) {
      thread = caller;
      leave();
      return;
    }
    if (row++ % OFTEN == MANY) {
      follow(callers.of(caller));
    }
    if (isClose()) {
      vigil.request();
    }
  }

  /** A large one has come: work for both processors. */
  void leave() {
    row = 0;
    if (isClose()) {
      processor = CallerPlace.UNKNOWN;
      unpin();
    }
  }

  private void follow(int place) {
    if (place == processor || place >= Vigil.PROCESSORS) {
      return;
    }
    try {
      posix.processes().pinThread(place);
      vigil.holdOther(place);
      processor = place;
    } catch (ErrnoException e) {
      leave();
    }
  }

  private void unpin() {
    try {
      posix.processes().unpinThread();
    } catch (ErrnoException e) {
      // it stays where it is, and serves all the same
    }
  }
}
