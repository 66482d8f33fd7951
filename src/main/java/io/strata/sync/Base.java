package io.strata.sync;

import io.strata.store.ImageRecord;
import io.strata.store.Snapshot;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is here before a sync. Immutable.
 *
 * @param from the snapshot that the link names, whatever its image is worth
 * @param sound the images that are what they should be: the newest snapshot's, or else those from
 *     which a delta starts
 * @param damaged those that are not
 */
record Base(Optional<Snapshot> from, Map<Snapshot, ImageRecord> sound, List<Snapshot> damaged) {
  Base {
    sound = Map.copyOf(sound);
    damaged = List.copyOf(damaged);
  }
}
