package io.strata.publish;

import java.util.Locale;

/** The formats of deltas on a mirror, in the order in which they are made. */
public enum DeltaKind {
  /** Upstream's, which every client reads. */
  SQDELTA,
  /** Ours, which is smaller, and for images of every compressor and size. */
  SQDELTA2;

  /** How the names of its files end. */
  public String suffix() {
    return "." + this;
  }

  /** As on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
