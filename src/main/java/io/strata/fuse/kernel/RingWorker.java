package io.strata.fuse.kernel;

import io.strata.fuse.Counters;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.IoUring;

/**
 * One thread of a queue: waits for a request, has it served, hands over the reply and waits for the
 * next one in the same system call, until the end.
 */
final class RingWorker implements Runnable {
  private final RingQueue.Place place;
  private final Work work;
  private final RingQueue queue;
  private final RingEntry entry;
  private final Exchange exchange;
  private boolean known; // whether the kernel has the entry

  RingWorker(RingQueue.Place place, Work work, RingQueue queue, RingEntry entry) {
    this.place = place;
    this.work = work;
    this.queue = queue;
    this.entry = entry;
    this.exchange = new Exchange(entry.in, entry.out, queue, new Counters(work.timed()));
  }

  Counters counters() {
    return exchange.counters;
  }

  @Override
  public void run() {
    work.interrupts().add(exchange);
    int errno = Errno.EIO; // for what is no errno
    try {
      pin();
      errno = serve();
    } finally {
      work.interrupts().remove(exchange);
      queue.left(this, known, errno);
    }
  }

  /** Where this processor may not be used, or is offline, the thread works on any. */
  private void pin() {
    try {
      place.posix().processes().pinThread(place.number());
    } catch (ErrnoException e) {
      // it takes longer then, no more
    }
  }

  /** Serves until a command fails; gives why. */
  private int serve() {
    try (IoUring ring = IoUring.open(place.posix())) {
      int result = register(ring);
      while (result >= 0) {
        serveOne(ring);
        result = ring.await();
      }
      return -result;
    } catch (ErrnoException e) {
      return e.errno();
    }
  }

  /** Waits for the first request; gives a negative errno if there will be none. */
  private int register(IoUring ring) throws ErrnoException {
    entry.register(ring);
    boolean answered = ring.submit(); // a refusal comes at once
    int result = answered ? ring.await() : 0;
    if (result < 0) {
      return result;
    }
    known = true;
    queue.registered();
    return answered ? result : ring.await();
  }

  private void serveOne(IoUring ring) {
    queue.request();
    boolean whole = entry.accept();
    exchange.begin();
    work.interrupts().begun(exchange);
    int opcode = exchange.in.opcode();
    long since = exchange.counters.request(opcode);
    int errno = whole ? work.service().serve(exchange) : Errno.EIO;
    if (exchange.wasStoring()) {
      queue.endStoring();
    }
    if (exchange.wasBlocking()) {
      queue.unblocked();
    }
    queue.served();
    entry.commit(ring, Math.max(errno, 0)); // what wants no reply does not come this way
    exchange.counters.answered(opcode, errno > 0, exchange.moved(errno), since);
  }
}
