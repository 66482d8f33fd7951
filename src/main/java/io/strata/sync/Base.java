package io.strata.sync;

import io.strata.store.ImageRecord;
import io.strata.store.Snapshot;
import java.util.Optional;

/**
 * What is here before a sync.
 *
 * @param from the snapshot that the link names, whatever its image is worth
 * @param verified its image, if it is sound
 * @param target the newest snapshot's image, if it is here and sound
 */
record Base(
    Optional<Snapshot> from, Optional<ImageRecord> verified, Optional<ImageRecord> target) {}
