package io.strata.sync;

import io.strata.store.Snapshot;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * What a sync of one repository would do. Immutable.
 *
 * @param from the snapshot that is current here, if any
 * @param to the snapshot that is current on the mirror
 * @param mirror where it comes from
 * @param candidates all that were considered; the open ones in the order in which they are tried
 */
public record SyncPlan(
    Optional<Snapshot> from, Snapshot to, URI mirror, List<Candidate> candidates) {

  /** Takes a copy, so that the value never changes. */
  public SyncPlan {
    candidates = List.copyOf(candidates);
  }

  /** The way that is tried first; empty if none is open. */
  public Optional<Candidate> choice() {
    return candidates.stream().filter(Candidate::isOpen).findFirst();
  }
}
