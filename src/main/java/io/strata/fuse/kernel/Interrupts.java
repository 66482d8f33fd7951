package io.strata.fuse.kernel;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Brings INTERRUPT requests to the requests that they mean. Thread-safe.
 *
 * <p>The kernel interrupts only what a thread of ours has read, but that thread may not have begun
 * it yet. So the last interrupts are remembered, and looked at when a request begins; the
 * protocol's answer EAGAIN, try again, is not needed.
 */
final class Interrupts {
  private static final int REMEMBERED = 16;

  private final List<Exchange> exchanges = new CopyOnWriteArrayList<>();
  private final AtomicLongArray last = new AtomicLongArray(REMEMBERED);
  private final AtomicInteger next = new AtomicInteger();
  private volatile boolean any;

  void add(Exchange exchange) {
    exchanges.add(exchange);
  }

  void remove(Exchange exchange) {
    exchanges.remove(exchange);
  }

  /** Call it when an exchange has begun. */
  void begun(Exchange exchange) {
    if (any) {
      for (int i = 0; i < REMEMBERED; i++) {
        if (last.get(i) == exchange.unique()) {
          exchange.interrupt(exchange.unique());
        }
      }
    }
  }

  /** The caller of request {@code unique} was interrupted. */
  void interrupt(long unique) {
    last.set(Math.floorMod(next.getAndIncrement(), REMEMBERED), unique);
    any = true;
    for (Exchange exchange : exchanges) {
      if (exchange.unique() == unique) {
        exchange.interrupt(unique);
      }
    }
  }
}
