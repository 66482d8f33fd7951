package io.strata.fuse.kernel;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import java.lang.System.Logger.Level;

/** Has a request served, whatever comes of it. Immutable; all threads of a mount share it. */
final class Service {
  /** What {@link #serve} gives for a request that nobody waits for. */
  static final int NO_REPLY = -1;

  private final Dispatcher dispatcher;

  Service(Dispatcher dispatcher) {
    this.dispatcher = dispatcher;
  }

  /** Gives 0, an errno to answer, or {@link #NO_REPLY}. */
  int serve(Exchange exchange) {
    try {
      return dispatcher.serve(exchange) ? 0 : NO_REPLY;
    } catch (ErrnoException e) {
      return isForget(exchange) ? NO_REPLY : e.errno();
    } catch (RuntimeException | Error e) { // whatever it is, the others are still to be served
      logFailure(exchange, e);
      return isForget(exchange) ? NO_REPLY : Errno.EIO;
    }
  }

  private static boolean isForget(Exchange exchange) {
    return switch (exchange.in.opcode()) {
      case Opcode.FUSE_FORGET,
          Opcode.FUSE_BATCH_FORGET,
          Opcode.FUSE_INTERRUPT,
          Opcode.FUSE_NOTIFY_REPLY ->
          true;
      default -> false;
    };
  }

  /** Takes back what the file system gave in a reply that did not reach the kernel. */
  void undelivered(Exchange exchange) {
    try {
      dispatcher.undelivered(exchange);
    } catch (RuntimeException | Error e) {
      logFailure(exchange, e);
    }
  }

  /** Says in the log that the request failed for a reason that is a fault of ours. */
  void logFailure(Exchange exchange, Throwable failure) {
    try {
      String name = Opcode.name(exchange.in.opcode());
      System.getLogger(Service.class.getPackageName())
          .log(
              Level.ERROR,
              () -> name + " of node " + exchange.in.node() + " failed, answered EIO",
              failure);
    } catch (RuntimeException | Error e) {
      // no memory even to say so: the answer EIO has to do
    }
  }
}
