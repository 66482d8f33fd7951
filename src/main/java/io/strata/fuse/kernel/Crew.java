package io.strata.fuse.kernel;

import io.strata.posix.ErrnoException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The threads that serve one mount. Thread-safe.
 *
 * <p>So many threads as were wanted read requests. When the last one that is left says that it will
 * be busy for long, a spare takes its place; when there are too many again, the one that comes back
 * steps aside, and waits for a while to be a spare.
 */
final class Crew {
  /** However many block, no more threads than this. */
  private static final int MOST = 128;

  private static final long SPARE_PATIENCE_SECONDS = 10;

  private final Device device;
  private final Dispatcher dispatcher;
  private final Interrupts interrupts;
  private final String name;
  private final int wanted;
  private final Runnable atEnd;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition spareNeeded = lock.newCondition(); // of lock
  private final List<Worker> workers = new ArrayList<>(); // guarded by lock
  private final Counters ofThoseWhoLeft = new Counters(); // guarded by lock
  private int readers; // guarded by lock: threads that are not blocked and not spare
  private int spares; // guarded by lock: threads that wait to be needed
  private int called; // guarded by lock: spares that were called and have not come yet
  private int born; // guarded by lock: threads that ever were
  private boolean ended; // guarded by lock

  /**
   * @param device is closed at the end
   * @param wanted how many threads, 1 or more
   * @param atEnd runs once, on the last thread, when all is over
   */
  Crew(
      Device device,
      Dispatcher dispatcher,
      Interrupts interrupts,
      String name,
      int wanted,
      Runnable atEnd) {
    this.device = device;
    this.dispatcher = dispatcher;
    this.interrupts = interrupts;
    this.name = name;
    this.wanted = wanted;
    this.atEnd = atEnd;
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
    Worker worker = new Worker(own, dispatcher, interrupts, this);
    Thread thread = new Thread(worker, name + "-" + (born + 1));
    thread.setDaemon(true);
    thread.start(); // it can't leave before this has the lock released
    workers.add(worker);
    readers++;
    born++;
  }

  /** The calling thread will be busy for long. */
  void blocked() {
    lock.lock();
    try {
      readers--;
      if (readers + called > 0 || ended) {
        return;
      }
      if (spares > called) {
        called++;
        spareNeeded.signal();
      } else if (workers.size() < MOST) {
        hireIfPossible(device);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * The calling thread is free again. May wait for long, as a spare.
   *
   * @return whether it is to go on; else it ends
   */
  boolean unblocked() {
    lock.lock();
    try {
      if (readers < wanted || ended) {
        readers++;
        return true;
      }
      return waitAsSpare();
    } finally {
      lock.unlock();
    }
  }

  private boolean waitAsSpare() {
    spares++;
    try {
      long patience = TimeUnit.SECONDS.toNanos(SPARE_PATIENCE_SECONDS);
      while (called == 0 && !ended && patience > 0) {
        patience = spareNeeded.awaitNanos(patience);
      }
      if (called > 0) {
        called--;
        readers++;
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
      device.close();
      atEnd.run();
    }
  }

  /** What all of them served. */
  Counters counters() {
    Counters sum = new Counters();
    lock.lock();
    try {
      sum.addAll(ofThoseWhoLeft);
      workers.forEach(worker -> sum.addAll(worker.counters()));
    } finally {
      lock.unlock();
    }
    return sum;
  }
}
