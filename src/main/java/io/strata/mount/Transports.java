package io.strata.mount;

import io.strata.fuse.Transport;
import io.strata.fuse.kernel.KernelTransport;
import io.strata.fuse.libfuse.LibfuseTransport;
import io.strata.posix.Posix;
import java.time.Duration;

/** Makes the transport of a kind. */
final class Transports {
  /** About what it takes until the code that serves is compiled; it makes a first walk faster. */
  private static final Duration WARM_UP = Duration.ofMillis(60);

  private Transports() {}

  static Transport of(TransportKind kind, Posix posix) {
    return switch (kind) {
      case KERNEL -> new KernelTransport(posix, WARM_UP);
      case LIBFUSE -> new LibfuseTransport(posix);
    };
  }
}
