package io.strata.fuse.kernel;

import io.strata.fuse.Counters;
import io.strata.fuse.Features;
import io.strata.fuse.FuseMountException;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;

/** Answers INIT, the first request of a mount. */
final class Handshake {
  private final Device device;

  Handshake(Device device) {
    this.device = device;
  }

  /**
   * Waits for INIT, which the kernel has sent when mount(2) returns, and agrees.
   *
   * @param ring whether requests are to come over io_uring
   */
  Agreement perform(Features features, boolean mayPassThrough, boolean ring)
      throws FuseMountException {
    Exchange exchange = new Exchange(Cover.NONE, new Counters(false));
    while (true) {
      InitRequest offer = receive(exchange);
      if (offer.major() > Agreement.MAJOR) {
        Agreement.writeVersion(exchange.out);
        send(exchange, 0);
      } else if (offer.major() < Agreement.MAJOR || offer.minor() < Agreement.OLDEST_MINOR) {
        send(exchange, Errno.EPROTO);
        String version = offer.major() + "." + offer.minor();
        throw new FuseMountException(
            Errno.EPROTO,
            "the kernel's FUSE protocol " + version + " is too old: Linux 5.4 has 7.31");
      } else {
        Agreement agreement = Agreement.of(offer, features, mayPassThrough, ring);
        agreement.write(exchange.out);
        send(exchange, 0);
        return agreement;
      }
    }
  }

  private InitRequest receive(Exchange exchange) throws FuseMountException {
    int received = device.receive(exchange.in.memory());
    if (received == Device.ENDED
        || !exchange.in.accept(received)
        || exchange.in.opcode() != Opcode.FUSE_INIT) {
      throw new FuseMountException(Errno.EPROTO, "the kernel did not begin with FUSE_INIT");
    }
    exchange.begin();
    try {
      return InitRequest.read(exchange.in);
    } catch (ErrnoException e) {
      throw new FuseMountException(Errno.EPROTO, "the kernel's FUSE_INIT is too short");
    }
  }

  private void send(Exchange exchange, int errno) throws FuseMountException {
    int length = exchange.out.finish(exchange.unique(), errno);
    if (device.send(exchange.out.memory(), length) != Device.Sent.DELIVERED) {
      throw new FuseMountException(Errno.EPROTO, "the kernel refused the answer to FUSE_INIT");
    }
  }
}
