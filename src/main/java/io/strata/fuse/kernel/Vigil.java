package io.strata.fuse.kernel;

import io.strata.posix.ErrnoException;
import io.strata.posix.ProcessCalls;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the other one of two processors awake while requests come fast. Thread-safe.
 *
 * <p>Where a request is served on the processor on which it was made, and its caller is woken, the
 * scheduler looks for an idle processor, and moves the caller there: which costs more than to serve
 * most requests, and the next request is made over there, and moves it back. Where the other
 * processor is not idle, the caller stays. So a thread of the lowest priority idles there instead
 * of the kernel, and gives way to whoever has something to do. It begins after some requests in
 * quick succession, and sleeps when they cease.
 */
final class Vigil implements Runnable {
  /** With more processors, there would always be another idle one. */
  static final int PROCESSORS = 2;

  /** So many in a row that come fast are worth a vigil. */
  private static final int MANY = 8;

  /** About a microsecond. */
  private static final int PAUSES = 50;

  private static final int LOWEST_PRIORITY = 19;
  private static final int ANYWHERE = -1;

  private final ProcessCalls processes;
  private final String name;
  private final long soon;
  private volatile @Nullable Thread watcher; // null until it is needed
  private volatile long last;
  private volatile boolean asleep;
  private volatile boolean ended;
  private volatile int place = ANYWHERE;
  private int count; // of those that came fast, by many threads, roughly

  /**
   * @param name of the mount's threads
   * @param soon requests that follow each other sooner than this come fast, in nanoseconds
   */
  Vigil(ProcessCalls processes, String name, long soon) {
    this.processes = processes;
    this.name = name;
    this.soon = soon;
  }

  /** Whether this machine, and what this process may use of it, is made for that. */
  static boolean isUseful(int possibleProcessors) {
    return possibleProcessors == PROCESSORS
        && Runtime.getRuntime().availableProcessors() == PROCESSORS;
  }

  /** Begins. */
  synchronized void start() {
    if (watcher == null && !ended) {
      Thread thread = new Thread(this, name + "-vigil");
      thread.setDaemon(true);
      watcher = thread;
      thread.start();
    }
  }

  /** Begins, if it has not, and holds the processor that is not {@code processor} (0 or 1). */
  void holdOther(int processor) {
    place = PROCESSORS - 1 - processor;
    start();
  }

  synchronized void end() {
    ended = true;
    LockSupport.unpark(watcher);
  }

  /** A request has come. */
  void request() {
    long now = System.nanoTime();
    boolean fast = now - last < soon;
    last = now;
    if (asleep) {
      count = fast ? count + 1 : 0;
      if (count == MANY) {
        LockSupport.unpark(watcher);
      }
    }
  }

  @Override
  public void run() {
    try {
      processes.setThreadPriority(LOWEST_PRIORITY);
    } catch (ErrnoException e) {
      return; // rather none than one that is in the way
    }
    int held = ANYWHERE;
    while (!ended) {
      if (held != place) {
        held = move();
      }
      if (System.nanoTime() - last < soon) {
        watch();
      } else {
        sleep();
      }
    }
  }

  private int move() {
    int wanted = place;
    try {
      processes.pinThread(wanted);
    } catch (ErrnoException e) {
      // it may be of use elsewhere too
    }
    return wanted;
  }

  private static void watch() {
    for (int i = 0; i < PAUSES; i++) {
      Thread.onSpinWait();
    }
    Thread.yield();
  }

  private void sleep() {
    count = 0;
    asleep = true;
    LockSupport.park(this);
    asleep = false;
  }
}
