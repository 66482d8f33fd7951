package io.strata.mount;

import java.util.Locale;

/** What serves a mount. */
public enum TransportKind {
  /** Our own protocol on /dev/fuse; Linux only. */
  KERNEL,
  /** libfuse 2, by jnr-fuse. */
  LIBFUSE;

  /** As the user writes it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
