package io.strata.sync;

import io.strata.store.Snapshot;
import java.time.Duration;
import java.util.Optional;

/**
 * What a sync did.
 *
 * @param from the snapshot that was current before, if any
 * @param to the snapshot that is current now
 * @param way how its image came here
 * @param bytes that were downloaded, those in vain included, the index not
 * @param time it took
 */
public record SyncResult(
    Optional<Snapshot> from, Snapshot to, Way way, long bytes, Duration time) {}
