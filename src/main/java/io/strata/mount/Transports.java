package io.strata.mount;

import io.strata.fuse.Transport;
import io.strata.fuse.kernel.KernelTransport;
import io.strata.fuse.libfuse.LibfuseTransport;
import io.strata.posix.Posix;

/** Makes the transport of a kind. */
final class Transports {
  private Transports() {}

  static Transport of(TransportKind kind, Posix posix) {
    return switch (kind) {
      case KERNEL -> new KernelTransport(posix);
      case LIBFUSE -> new LibfuseTransport(posix);
    };
  }
}
