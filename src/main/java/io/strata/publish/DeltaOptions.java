package io.strata.publish;

import java.util.Set;

/**
 * Which deltas are published.
 *
 * @param snapshots from how many of the last snapshots a delta to the new one is made, 0 or more
 * @param maxShare of the image's size that a delta, or a chain of them, may have; above 0, at most
 *     1
 * @param maxChain how many deltas a client may have to apply one after the other; a delta that is
 *     on no such way to the newest snapshot is no longer listed. 1 or more
 * @param demanded the formats that are made, and without which nothing is published; if empty, each
 *     that can be made here and is of use
 */
public record DeltaOptions(int snapshots, double maxShare, int maxChain, Set<DeltaKind> demanded) {
  /** From the last seven snapshots, up to 0.7 of the image, chains of up to eight. */
  public static final DeltaOptions DEFAULT = new DeltaOptions(7, 0.7, 8);

  /** In the formats that can be made here and are of use. */
  public DeltaOptions(int snapshots, double maxShare, int maxChain) {
    this(snapshots, maxShare, maxChain, Set.of());
  }

  /** Refuses what makes no sense. */
  public DeltaOptions {
    if (snapshots < 0) {
      throw new IllegalArgumentException("deltas from " + snapshots + " snapshots can't be made");
    }
    if (!(maxShare > 0 && maxShare <= 1)) {
      throw new IllegalArgumentException(
          "the largest share of a delta, " + maxShare + ", is not above 0 and at most 1");
    }
    if (maxChain < 1) {
      throw new IllegalArgumentException("a chain of " + maxChain + " deltas leads nowhere");
    }
    demanded = Set.copyOf(demanded);
  }
}
