package io.strata.fuse.kernel;

import io.strata.fuse.Counters;
import io.strata.posix.Errno;

/** One thread of the crew: reads a request, has it served, sends the reply, until the end. */
final class Worker implements Runnable {
  /** Between two looks, about a microsecond: the other thread of the core can use it. */
  private static final int PAUSES = 50;

  /** So many requests in a row that did not have to be waited for are worth another thread. */
  private static final int CROWD = 2;

  private final Device device;
  private final Work work;
  private final Crew crew;
  private final Exchange exchange;
  private final Polling polling;

  /**
   * @param polls whether to look for requests for a while before sleeping
   */
  Worker(Device device, Work work, Crew crew, boolean polls) {
    this.device = device;
    this.work = work;
    this.crew = crew;
    this.exchange = new Exchange(crew, new Counters(work.timed()));
    this.polling = new Polling(polls && Runtime.getRuntime().availableProcessors() > 1);
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
      if (waiting > CROWD) {
        crew.crowded();
      }
      if (!serveOne(received) || !recover()) {
        return;
      }
    }
  }

  /** Lets a moment pass, or sleeps until there may be a request. */
  private void rest() {
    if (polling.goesOn(System.nanoTime())) {
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
