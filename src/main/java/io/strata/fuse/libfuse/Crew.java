package io.strata.fuse.libfuse;

import io.strata.fuse.MountOptions;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import jnr.ffi.Runtime;

/**
 * The threads that read requests and have libfuse handle them. The first one serves INIT alone;
 * then the others join it. While one of them works for long and none waits, one more joins.
 */
final class Crew {
  private static final System.Logger LOG = System.getLogger(Crew.class.getName());

  private final Channel channel;
  private final Served served;
  private final int wanted;
  private final Runnable ready;
  private final Runnable end;
  private final Runtime runtime;
  private final List<Worker> workers = new CopyOnWriteArrayList<>();
  private final AtomicInteger alive = new AtomicInteger();
  private final AtomicInteger waiting = new AtomicInteger();

  /**
   * @param ready called once, by a serving thread, when INIT was answered
   * @param end called once, by the last serving thread, when the mount is gone
   */
  Crew(Channel channel, Served served, int wanted, Runnable ready, Runnable end, Runtime runtime) {
    this.channel = channel;
    this.served = served;
    this.wanted = wanted;
    this.ready = ready;
    this.end = end;
    this.runtime = runtime;
  }

  void start() {
    add(true);
  }

  private void add(boolean first) {
    int number = alive.incrementAndGet();
    Thread thread = new Thread(() -> serve(first), "strata-libfuse-" + number);
    thread.setDaemon(true);
    thread.start();
  }

  /** One more, unless somebody waits for requests anyway. */
  private void help() {
    if (waiting.get() == 0 && alive.get() < MountOptions.MAX_THREADS) {
      add(false);
    }
  }

  private void serve(boolean first) {
    Worker worker = new Worker(new Structures(runtime), served.tally().counters(), this::help);
    served.workers().set(worker);
    workers.add(worker);
    boolean opening = first;
    try {
      int length = next(worker);
      while (length > 0) {
        boolean init = opening && worker.opcode() == Opcode.INIT;
        process(worker, length);
        if (init) {
          opening = false;
          open();
        }
        length = next(worker);
      }
    } finally {
      workers.remove(worker);
      if (alive.decrementAndGet() == 0) {
        end.run();
      }
      served.workers().remove();
    }
  }

  private void open() {
    for (int i = 1; i < wanted; i++) {
      add(false);
    }
    ready.run();
  }

  private void process(Worker worker, int length) {
    int opcode = worker.opcode();
    long since = worker.counters.request(opcode);
    if (opcode == Opcode.INTERRUPT) {
      long which = worker.interruptedUnique();
      workers.forEach(other -> other.interrupt(which));
    }
    worker.begin();
    channel.process(worker, length);
    worker.end();
    worker.counters.answered(opcode, worker.failed(), worker.moved(), since);
  }

  /** Waits for a request; gives its length, or 0 when the mount is gone. */
  private int next(Worker worker) {
    while (true) {
      waiting.incrementAndGet();
      try {
        return served
            .posix()
            .files()
            .read(channel.device(), worker.request.address(), worker.request.capacity());
      } catch (ErrnoException e) {
        switch (e.errno()) {
          case Errno.EINTR, Errno.EAGAIN, Errno.ENOENT -> {} // ENOENT: taken back by its caller
          case Errno.ENODEV, Errno.ECONNABORTED -> {
            return 0;
          }
          default -> {
            LOG.log(Level.ERROR, "reading requests from /dev/fuse failed: {0}", e.getMessage());
            return 0;
          }
        }
      } finally {
        waiting.decrementAndGet();
      }
    }
  }
}
