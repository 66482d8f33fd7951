package io.strata.fuse.kernel;

import io.strata.fuse.Counters;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import java.lang.System.Logger.Level;

/** One thread of the crew: reads a request, has it served, sends the reply, until the end. */
final class Worker implements Runnable {
  private static final int NO_REPLY = -1;

  /** Between two looks, about a microsecond: the other thread of the core can use it. */
  private static final int PAUSES = 50;

  /** So many requests in a row that did not have to be waited for are worth another thread. */
  private static final int CROWD = 2;

  private final Device device;
  private final Dispatcher dispatcher;
  private final Interrupts interrupts;
  private final Crew crew;
  private final Exchange exchange;
  private final Polling polling = new Polling(Runtime.getRuntime().availableProcessors() > 1);

  Worker(Device device, Dispatcher dispatcher, Interrupts interrupts, Crew crew, boolean timed) {
    this.device = device;
    this.dispatcher = dispatcher;
    this.interrupts = interrupts;
    this.crew = crew;
    this.exchange = new Exchange(crew, new Counters(timed));
  }

  Device device() {
    return device;
  }

  Counters counters() {
    return exchange.counters;
  }

  @Override
  public void run() {
    interrupts.add(exchange);
    try {
      listen();
    } finally {
      interrupts.remove(exchange);
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
    interrupts.begun(exchange);
    long since = exchange.counters.request(exchange.in.opcode());
    int errno = whole ? serve() : Errno.EIO;
    if (exchange.wasStoring()) {
      crew.endStoring();
    }
    boolean on = errno == NO_REPLY || send(errno);
    exchange.counters.answered(exchange.in.opcode(), errno > 0, exchange.moved(errno), since);
    return on;
  }

  /** After a request that kept this thread from listening; gives false if it is to end. */
  private boolean recover() {
    return !exchange.wasBlocking() || crew.unblocked();
  }

  /** Gives 0, an errno to answer, or {@link #NO_REPLY}. */
  private int serve() {
    try {
      return dispatcher.serve(exchange) ? 0 : NO_REPLY;
    } catch (ErrnoException e) {
      return isForget() ? NO_REPLY : e.errno();
    } catch (RuntimeException | Error e) { // whatever it is, the others are still to be served
      logFailure(e);
      return isForget() ? NO_REPLY : Errno.EIO;
    }
  }

  private boolean isForget() {
    return switch (exchange.in.opcode()) {
      case Opcode.FUSE_FORGET,
          Opcode.FUSE_BATCH_FORGET,
          Opcode.FUSE_INTERRUPT,
          Opcode.FUSE_NOTIFY_REPLY ->
          true;
      default -> false;
    };
  }

  private boolean send(int errno) {
    int length = exchange.out.finish(exchange.in.unique(), errno);
    switch (device.send(exchange.out.memory(), length)) {
      case DELIVERED -> {}
      case UNWANTED -> {
        if (errno == 0) {
          dispatcher.undelivered(exchange);
        }
      }
      case REFUSED -> logFailure(new IllegalStateException("the kernel refused the reply"));
      case ENDED -> {
        crew.end();
        return false;
      }
    }
    return true;
  }

  private void takeBack() {
    try {
      dispatcher.undelivered(exchange);
    } catch (RuntimeException | Error e) {
      logFailure(e);
    }
  }

  private void logFailure(Throwable failure) {
    try {
      String name = Opcode.name(exchange.in.opcode());
      System.getLogger(Worker.class.getPackageName())
          .log(
              Level.ERROR,
              () -> name + " of node " + exchange.in.node() + " failed, answered EIO",
              failure);
    } catch (RuntimeException | Error e) {
      // no memory even to say so: the answer EIO has to do
    }
  }
}
