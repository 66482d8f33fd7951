package io.strata.fuse.kernel;

import io.strata.fuse.Counters;
import io.strata.fuse.FuseMountException;
import io.strata.posix.ErrnoException;
import io.strata.posix.Posix;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The threads that serve one mount. Thread-safe.
 *
 * <p>One of them listens: it waits for a request, serves it, and listens on, which spares waking
 * another. The others are spares, and sleep. One is called to listen too when requests pile up, as
 * long as they do; or in the place of a listener that says that it will be busy for long; or when a
 * listener has been storing data for so long that it may be waiting for a page whose reader waits
 * for us.
 */
final class Crew implements Cover {
  /** However many block, no more threads than this. */
  private static final int MOST = 128;

  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

  private static final long SPARE_PATIENCE = TimeUnit.SECONDS.toNanos(10);

  /** How often a spare looks whether one who stores data gets on. */
  private static final long WATCH_PERIOD = TimeUnit.MILLISECONDS.toNanos(2);

  /** For how long it does after the last time that there was something to be watched. */
  private static final long WATCH_PATIENCE = TimeUnit.MILLISECONDS.toNanos(100);

  /**
   * How the threads work.
   *
   * @param wanted how many may listen, 1 or more
   * @param alert whether one that has nothing to do may look for requests for a while, or keep its
   *     caller company
   */
  record Manner(int wanted, boolean alert, Posix posix) {}

  private final Device device;
  private final Work work;
  private final String name;
  private final int wanted;
  private final boolean alert;
  private final Posix posix;
  private final @Nullable Vigil vigil;
  private final Runnable atEnd;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition spareNeeded = lock.newCondition(); // of lock
  private final List<Worker> workers = new ArrayList<>(); // guarded by lock
  private final Counters ofThoseWhoLeft; // guarded by lock
  private int spares; // guarded by lock: threads that wait to be needed
  private int called; // guarded by lock: spares that were called and have not come yet
  private int born; // guarded by lock: threads that ever were
  private boolean ended; // guarded by lock
  private int storing; // guarded by lock: threads that store data
  private long storings; // guarded by lock: how often one began to, or ended
  private boolean watched; // guarded by lock: whether a spare looks after who stores
  private volatile int listeners; // written under lock: threads not blocked and not spare

  /**
   * @param device open until the end; who made it closes it
   * @param atEnd runs once, on the last thread, when all is over
   */
  Crew(Device device, Work work, String name, Manner manner, Runnable atEnd) {
    this.device = device;
    this.work = work;
    this.name = name;
    this.wanted = manner.wanted();
    this.alert = manner.alert();
    this.posix = manner.posix();
    this.vigil = alert ? vigil() : null;
    this.ofThoseWhoLeft = new Counters(work.timed());
    this.atEnd = atEnd;
  }

  private @Nullable Vigil vigil() {
    try {
      return Vigil.isUseful(RingOffer.queues())
          ? new Vigil(posix.processes(), name, Escort.SOON)
          : null;
    } catch (FuseMountException e) {
      return null; // nobody says how many processors there are
    }
  }

  /** Starts serving; with fewer threads than wanted if there is no memory for more than one. */
  void start() {
    lock.lock();
    try {
      hire(device);
      for (int i = 1; i < wanted; i++) {
        hireIfPossible(cloneOrShare());
      }
    } finally {
      lock.unlock();
    }
  }

  /** A clone spares the threads a lock; where it can't be had, they share. */
  private Device cloneOrShare() {
    try {
      return device.cloned();
    } catch (ErrnoException e) {
      return device;
    }
  }

  private void hireIfPossible(Device own) {
    try {
      hire(own);
    } catch (OutOfMemoryError e) {
      // no thread or no buffers to be had: those who are here do it, if later
      if (own != device) {
        own.close();
      }
    }
  }

  private void hire(Device own) {
    Escort escort = vigil == null ? null : new Escort(posix, vigil);
    Worker worker = new Worker(own, work, this, new Polling(alert && PROCESSORS > 1), escort);
    Thread thread = new Thread(worker, name + "-" + (born + 1));
    thread.setDaemon(true);
    thread.start(); // it can't leave before this has the lock released
    workers.add(worker);
    listeners++;
    born++;
  }

  @Override
  public void blocked() {
    lock.lock();
    try {
      listeners--;
      if (listeners + called > 0 || ended) {
        return;
      }
      if (spares > called) {
        call();
      } else if (workers.size() < MOST) {
        hireIfPossible(device);
      }
    } finally {
      lock.unlock();
    }
  }

  private void call() {
    called++;
    spareNeeded.signal();
  }

  /**
   * The calling thread is free again after it was blocked. May wait for long, as a spare.
   *
   * @return whether it is to go on; else it ends
   */
  boolean unblocked() {
    lock.lock();
    try {
      if (listeners + called == 0 || ended) {
        listeners++;
        return true;
      }
      return waitAsSpare();
    } finally {
      lock.unlock();
    }
  }

  /** Requests come faster than the calling thread serves them: another one is to listen too. */
  void crowded() {
    if (listeners >= wanted) {
      return;
    }
    lock.lock();
    try {
      if (listeners + called >= wanted || ended) {
        return;
      }
      if (spares > called) {
        call();
      } else if (workers.size() < wanted) {
        hireIfPossible(device);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * The calling thread finds nothing to do. If another one listens, this one becomes a spare, and
   * may wait for long.
   *
   * @return whether it is to go on; else it ends
   */
  boolean idle() {
    if (listeners < 2) {
      return true;
    }
    lock.lock();
    try {
      if (listeners < 2 || ended) {
        return true;
      }
      listeners--;
      return waitAsSpare();
    } finally {
      lock.unlock();
    }
  }

  private boolean waitAsSpare() {
    spares++;
    try {
      long patience = SPARE_PATIENCE;
      while (called == 0 && !ended && (patience > 0 || workers.size() <= wanted)) {
        if (storing > 0 && !watched) {
          watch();
        } else {
          patience = spareNeeded.awaitNanos(SPARE_PATIENCE);
        }
      }
      if (called > 0) {
        called--;
        listeners++;
        return true;
      }
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      spares--;
    }
  }

  /** Looks after those who store data, and calls itself when one of them does not get on. */
  private void watch() throws InterruptedException {
    watched = true;
    try {
      long quiet = 0;
      while (called == 0 && !ended && quiet < WATCH_PATIENCE) {
        long before = storings;
        spareNeeded.awaitNanos(WATCH_PERIOD);
        quiet = storings == before ? quiet + WATCH_PERIOD : 0;
        if (called == 0 && storing > 0 && storings == before) {
          called++;
        }
      }
    } finally {
      watched = false;
    }
  }

  @Override
  public boolean beginStoring() {
    lock.lock();
    try {
      // Two could wait for pages of each other's callers, who wait for the two.
      int others = listeners - 1 + spares;
      if (ended || storing > 0 || others < 1) {
        return false;
      }
      storing++;
      storings++;
      if (!watched) {
        spareNeeded.signal();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** The calling thread has ended what it began with {@link #beginStoring}. */
  void endStoring() {
    lock.lock();
    try {
      storing--;
      storings++;
    } finally {
      lock.unlock();
    }
  }

  /** The connection has ended: nobody needs to wait any more. */
  void end() {
    lock.lock();
    try {
      ended = true;
      spareNeeded.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** A worker's thread ends, for whatever reason. */
  void left(Worker worker) {
    boolean last;
    lock.lock();
    try {
      workers.remove(worker);
      ofThoseWhoLeft.addAll(worker.counters());
      last = workers.isEmpty();
    } finally {
      lock.unlock();
    }
    if (worker.device() != device) {
      worker.device().close();
    }
    if (last) {
      if (vigil != null) {
        vigil.end();
      }
      atEnd.run();
    }
  }

  /** Adds what all of them served to {@code sum}. */
  void addTo(Counters sum) {
    lock.lock();
    try {
      sum.addAll(ofThoseWhoLeft);
      workers.forEach(worker -> sum.addAll(worker.counters()));
    } finally {
      lock.unlock();
    }
  }
}
