package io.strata.fuse.kernel;

import io.strata.posix.ErrnoException;
import io.strata.posix.ProcessCalls;
import java.util.concurrent.locks.LockSupport;

/**
 * Keeps the other one of two processors awake while requests come fast. Thread-safe.
 *
 * <p>A ring's thread serves on the processor on which the request was made. When it wakes the
 * caller, the scheduler looks for an idle processor, and moves the caller there: which costs more
 * than to serve most requests, and the next request is made over there, and moves it back. Where
 * the other processor is not idle, the caller stays. So a thread of the lowest priority idles there
 * instead of the kernel, and gives way to whoever has something to do. It begins after some
 * requests in quick succession, and sleeps when they cease.
 */
final class Vigil implements Runnable {
  /** With more processors, there would always be another idle one. */
  static final int PROCESSORS = 2;

  /** Requests that follow each other sooner than this come fast, in nanoseconds. */
  private static final long SOON = 200_000;

  /** So many in a row that do are worth a vigil. */
  private static final int MANY = 8;

  /** About a microsecond. */
  private static final int PAUSES = 50;

  private static final int LOWEST_PRIORITY = 19;

  private final ProcessCalls processes;
  private final Thread thread;
  private volatile long last;
  private volatile boolean asleep;
  private volatile boolean ended;
  private int soon; // counted by many threads, roughly

  Vigil(ProcessCalls processes, String name) {
    this.processes = processes;
    this.thread = new Thread(this, name + "-vigil");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  void end() {
    ended = true;
    LockSupport.unpark(thread);
  }

  /** A request has come. */
  void request() {
    long now = System.nanoTime();
    boolean fast = now - last < SOON;
    last = now;
    if (asleep) {
      soon = fast ? soon + 1 : 0;
      if (soon == MANY) {
        LockSupport.unpark(thread);
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
    while (!ended) {
      if (System.nanoTime() - last < SOON) {
        watch();
      } else {
        sleep();
      }
    }
  }

  private static void watch() {
    for (int i = 0; i < PAUSES; i++) {
      Thread.onSpinWait();
    }
    Thread.yield();
  }

  private void sleep() {
    soon = 0;
    asleep = true;
    LockSupport.park(this);
    asleep = false;
  }
}
