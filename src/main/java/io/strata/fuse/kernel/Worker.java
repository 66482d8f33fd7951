package io.strata.fuse.kernel;

import io.strata.fuse.Counters;
import io.strata.posix.Errno;
import org.jspecify.annotations.Nullable;

/** One thread of the crew: reads a request, has it served, sends the reply, until the end. */
final class Worker implements Runnable {
  /** Between two looks, about a microsecond: the other thread of the core can use it. */
  private static final int PAUSES = 50;

  /** Where {@code struct fuse_read_in} has the size. */
  private static final int READ_SIZE = 16;

  /** To read more bytes than this is work for more than one thread. */
  private static final int SMALL = 32 << 10;

  /** So many requests in a row that did not have to be waited for are worth another thread. */
  private static final int CROWD = 2;

  private final Device device;
  private final Work work;
  private final Crew crew;
  private final Exchange exchange;
  private final Polling polling;
  private final @Nullable Escort escort;

  /**
   * @param escort keeps this thread where its caller is; null where that is of no use
   */
  Worker(Device device, Work work, Crew crew, Polling polling, @Nullable Escort escort) {
    this.device = device;
    this.work = work;
    this.crew = crew;
    this.exchange = new Exchange(crew, new Counters(work.timed()));
    this.polling = polling;
    this.escort = escort;
  }

  Device device() {
    return device;
  }

  Counters counters() {
    return exchange.counters;
  }

  @Override
  public void run() {
    work.interrupts().add(exchange);
    try {
      listen();
    } finally {
      work.interrupts().remove(exchange);
      crew.left(this);
    }
  }

  private void listen() {
    int waiting = 0; // how many requests were there in a row, without a wait for one
    while (true) {
      int received = device.tryReceive(exchange.in.memory());
      if (received == Device.ENDED) {
        crew.end();
        return;
      }
      if (received == Device.NOTHING) {
        waiting = 0;
        if (!crew.idle()) {
          return;
        }
        rest();
        continue;
      }
      polling.received();
      waiting++;
      if (waiting > CROWD && !isClose()) {
        crew.crowded();
      }
      if (!serveOne(received) || !recover()) {
        return;
      }
    }
  }

  private boolean isClose() {
    return escort != null && escort.isClose();
  }

  /** For who makes the request that has come, unless it is one for which nobody waits. */
  private void accompany() {
    if (escort == null || exchange.in.pid() == 0) {
      return;
    }
    switch (exchange.in.opcode()) {
      case Opcode.FUSE_RELEASE, Opcode.FUSE_INTERRUPT -> {}
      case Opcode.FUSE_READ -> {
        if (exchange.in.u32(READ_SIZE) > SMALL) {
          escort.leave();
        } else {
          escort.request(exchange.in.pid());
        }
      }
      default -> escort.request(exchange.in.pid());
    }
  }

  /** Lets a moment pass, or sleeps until there may be a request. */
  private void rest() {
    if (!isClose() && polling.goesOn(System.nanoTime())) {
      for (int i = 0; i < PAUSES; i++) {
        Thread.onSpinWait();
      }
      Thread.yield(); // whoever has something to do on this processor goes first
    } else {
      device.await();
      polling.woken(System.nanoTime());
    }
  }

  /** Gives false when the connection has ended. */
  private boolean serveOne(int received) {
    boolean whole = exchange.in.accept(received);
    if (received < RequestBuffer.HEADER_SIZE) {
      return true; // nobody to answer
    }
    accompany();
    exchange.begin();
    work.interrupts().begun(exchange);
    long since = exchange.counters.request(exchange.in.opcode());
    int errno = whole ? work.service().serve(exchange) : Errno.EIO;
    if (exchange.wasStoring()) {
      crew.endStoring();
    }
    boolean on = errno == Service.NO_REPLY || send(errno);
    exchange.counters.answered(exchange.in.opcode(), errno > 0, exchange.moved(errno), since);
    return on;
  }

  /** After a request that kept this thread from listening; gives false if it is to end. */
  private boolean recover() {
    return !exchange.wasBlocking() || crew.unblocked();
  }

  private boolean send(int errno) {
    int length = exchange.out.finish(exchange.in.unique(), errno);
    switch (device.send(exchange.out.memory(), length)) {
      case DELIVERED -> {}
      case UNWANTED -> {
        if (errno == 0) {
          work.service().undelivered(exchange);
        }
      }
      case REFUSED ->
          work.service()
              .logFailure(exchange, new IllegalStateException("the kernel refused the reply"));
      case ENDED -> {
        crew.end();
        return false;
      }
    }
    return true;
  }
}
