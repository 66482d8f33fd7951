package io.strata.fuse.kernel;

/**
 * How long a thread that has nothing to do looks for the next request again and again before it
 * sleeps. Belongs to one thread.
 *
 * <p>To be woken on a processor that sleeps takes longer than to serve most requests (20 to 40
 * microseconds in a virtual machine), and who walks a tree sends the next request sooner than that.
 * So the budget grows as long as requests come soon, and shrinks to nothing when they don't: a
 * mount at rest costs nothing.
 */
final class Polling {
  /** The most that is spent on waiting for one request, in nanoseconds. */
  static final long MOST = 100_000;

  private static final long LEAST = 10_000;

  private final boolean allowed;
  private long budget;
  private long since;
  private boolean waiting;

  /**
   * @param allowed whether there is a processor beside that of the caller
   */
  Polling(boolean allowed) {
    this.allowed = allowed;
  }

  /** No request is there at {@code now}: whether to look again, or to sleep. */
  boolean goesOn(long now) {
    if (!waiting) {
      waiting = true;
      since = now;
    }
    return now - since < budget;
  }

  /** Something came at {@code now}, after sleep. */
  void woken(long now) {
    boolean soon = now - since < MOST;
    if (soon && allowed) {
      budget = Math.clamp(2 * budget, LEAST, MOST);
    } else {
      budget = budget / 2 < LEAST ? 0 : budget / 2;
    }
    waiting = false;
  }

  /** A request came without sleep. */
  void received() {
    waiting = false;
  }
}
