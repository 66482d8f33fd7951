package io.strata.sync;

import io.strata.store.Snapshot;
import io.strata.trust.Index;
import java.net.URI;

/**
 * An index that was verified and is not older than the last one.
 *
 * @param mirror it came from
 * @param uri of that mirror
 * @param index itself
 * @param target the repository's current snapshot there
 * @param sha512 of that snapshot's image
 */
record VerifiedIndex(Mirror mirror, URI uri, Index index, Snapshot target, String sha512) {}
