package io.strata.mount;

import java.time.Duration;

/**
 * Ends a mount that nobody has used for a while: not before the timeout is over since the last use,
 * and at most a quarter of it later; twice the timeout where the last use was to keep a file open.
 *
 * <p>Openings are not heard of (see {@code FUSE_NO_OPEN_SUPPORT}), so that nobody uses the mount is
 * what an unmount that is not lazy finds out: it fails as long as a file is open, mapped or
 * somebody's working directory. Until then, use is a request of the kernel. Those that its caches
 * would hide are made visible by letting it keep what it learns for a {@link #step} only.
 *
 * <p>Used by one thread.
 */
final class IdleWatch {
  private static final int STEPS = 16;

  private final Watched watched;
  private final long timeout;
  private final long step;
  private long requests = -1;
  private long lastUse;

  /** What is watched. */
  interface Watched {
    /** How many requests were served that tell of somebody's use; 0 when the mount is gone. */
    long requests();

    /** Unmounts; false if the mount is in use. */
    boolean unmountUnused() throws InterruptedException;

    /** Waits until the mount is gone, and says whether it is. */
    boolean awaitEnd(Duration longest) throws InterruptedException;
  }

  IdleWatch(Watched watched, Duration timeout) {
    this.watched = watched;
    this.timeout = timeout.toNanos();
    this.step = step(timeout).toNanos();
  }

  /** How long a use may stay unseen. */
  static Duration step(Duration timeout) {
    return timeout.dividedBy(STEPS);
  }

  /** Watches until the mount is gone. */
  void run() throws InterruptedException {
    lastUse = System.nanoTime();
    do {
      look(System.nanoTime());
    } while (!watched.awaitEnd(Duration.ofNanos(step)));
  }

  /** One look, at the time {@code now} of {@link System#nanoTime}. */
  void look(long now) throws InterruptedException {
    long count = watched.requests();
    if (count != requests) {
      requests = count;
      lastUse = now;
    } else if (now - lastUse >= timeout + step && !watched.unmountUnused()) {
      lastUse = now;
    }
  }
}
