package io.strata.fuse.kernel;

import io.strata.fuse.Counters;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.Posix;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that serve what is asked on one processor. Thread-safe.
 *
 * <p>Each has one entry of the kernel's queue, which is with the kernel exactly while the thread
 * waits: so a request never comes to a thread that does something else, however long, but to
 * another one, or waits in the kernel until one is through. The kernel gives requests to who came
 * back last, so the others sleep as long as one is enough. Entries can't be taken back, so nobody
 * leaves before the end.
 *
 * <p>Two threads are there from the beginning. Whenever fewer than two wait, another one comes, up
 * to a number; above it only in the place of those that say that they are busy for long. They come
 * early since the kernel gives a request that found nobody waiting to who comes back next, not to
 * who is new: behind those that are busy for long it would wait for one of them.
 */
final class RingQueue implements Cover {
  /** However many block, no more threads than this. */
  private static final int MOST = 32;

  /** So many are to wait for requests at any time. */
  private static final int SPARES = 2;

  /** No more threads than this for requests that do not take long. */
  private static final int MANY = 6;

  /**
   * Where a queue is.
   *
   * @param device a descriptor of the mount
   * @param number of the queue, and of the processor that it belongs to
   */
  record Place(Posix posix, int device, int number) {}

  private final Place place;
  private final Work work;
  private final String name;
  private final AtomicBoolean storing;
  private final Runnable onRequest;
  private final Runnable atEnd;
  private final CountDownLatch begun = new CountDownLatch(SPARES);
  private final AtomicInteger waiting = new AtomicInteger(); // threads whose entry the kernel has
  private final List<RingWorker> workers = new ArrayList<>(); // guarded by this
  private final Counters ofThoseWhoLeft; // guarded by this
  private int born; // guarded by this: threads that ever were
  private int registered; // guarded by this: threads that the kernel knows
  private int blocked; // guarded by this: threads that are busy for long
  private boolean ended; // guarded by this
  private int failure; // guarded by this: why a thread could not begin, 0 if all could

  /**
   * @param storing whether a thread of the mount stores data: two could wait for pages of each
   *     other's callers
   * @param onRequest runs with each request
   * @param atEnd runs once, when the last thread has left, or none could begin
   */
  RingQueue(
      Place place,
      Work work,
      String name,
      AtomicBoolean storing,
      Runnable onRequest,
      Runnable atEnd) {
    this.place = place;
    this.work = work;
    this.name = name;
    this.storing = storing;
    this.onRequest = onRequest;
    this.atEnd = atEnd;
    this.ofThoseWhoLeft = new Counters(work.timed());
  }

  /** Starts the first threads, and waits until the kernel knows them; gives 0 or an errno. */
  int start() {
    if (!hire()) {
      atEnd.run();
      return Errno.ENOMEM;
    }
    for (int i = 1; i < SPARES; i++) {
      if (!hire()) {
        begun.countDown();
      }
    }
    boolean interrupted = false;
    while (begun.getCount() > 0) {
      try {
        begun.await();
      } catch (InterruptedException e) {
        interrupted = true; // it takes no time
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      return failure;
    }
  }

  private synchronized boolean hire() {
    if (ended || workers.size() >= MOST) {
      return false;
    }
    try {
      RingEntry entry = new RingEntry(place);
      RingWorker worker = new RingWorker(place, work, this, entry);
      Thread thread = new Thread(worker, name + "-" + (born + 1));
      thread.setDaemon(true);
      thread.start(); // it can't leave before this has the monitor released
      workers.add(worker);
      born++;
      return true;
    } catch (ErrnoException | OutOfMemoryError e) {
      return false; // no thread or no memory to be had: those who are here do it, if later
    }
  }

  /** The kernel knows the calling thread's entry. */
  synchronized void registered() {
    registered++;
    waiting.incrementAndGet();
    begun.countDown();
  }

  /** A request has come to one of the threads. */
  void request() {
    if (waiting.decrementAndGet() < SPARES) {
      hireSpare();
    }
    onRequest.run();
  }

  /** The calling thread is about to hand its reply over, and to wait for the next request. */
  void served() {
    waiting.incrementAndGet();
  }

  private synchronized void hireSpare() {
    int coming = workers.size() - registered;
    if (waiting.get() + coming < SPARES && workers.size() - blocked < MANY) {
      hire();
    }
  }

  @Override
  public synchronized void blocked() {
    blocked++;
    if (workers.size() < blocked + SPARES) {
      hire();
    }
  }

  /** The calling thread is free again after it was blocked. */
  synchronized void unblocked() {
    blocked--;
  }

  @Override
  public synchronized boolean beginStoring() {
    int others = registered - blocked - 1;
    return !ended && others > 0 && storing.compareAndSet(false, true);
  }

  /** The calling thread has ended what it began with {@link #beginStoring}. */
  void endStoring() {
    storing.set(false);
  }

  /**
   * A worker's thread ends.
   *
   * @param known whether the kernel knew its entry
   * @param errno why; ENOTCONN or its like if the connection has ended
   */
  void left(RingWorker worker, boolean known, int errno) {
    boolean over = isEnd(errno);
    boolean last;
    synchronized (this) {
      workers.remove(worker);
      ofThoseWhoLeft.addAll(worker.counters());
      if (known) {
        registered--;
        waiting.decrementAndGet();
      }
      failure = known || over ? failure : errno;
      boolean replaced = known && !over && hire();
      ended |= over || registered == 0 && !replaced;
      last = workers.isEmpty() && ended;
    }
    begun.countDown();
    if (!over) {
      log(errno);
    }
    if (last) {
      atEnd.run();
    }
  }

  private static boolean isEnd(int errno) {
    return switch (errno) {
      case Errno.ENOTCONN, Errno.ECONNABORTED, Errno.ECANCELED, Errno.ENODEV -> true;
      default -> false;
    };
  }

  private void log(int errno) {
    System.getLogger(RingQueue.class.getPackageName())
        .log(Level.ERROR, () -> name + ": a thread ends with " + Errno.describe(errno));
  }

  /** Adds what all of them served to {@code sum}. */
  synchronized void addTo(Counters sum) {
    sum.addAll(ofThoseWhoLeft);
    workers.forEach(worker -> sum.addAll(worker.counters()));
  }
}
