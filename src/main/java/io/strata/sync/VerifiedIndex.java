package io.strata.sync;

import io.strata.store.Snapshot;
import io.strata.trust.Index;
import java.net.URI;

/**
 * An index that was verified and may be believed.
 *
 * @param mirror it came from
 * @param uri of that mirror
 * @param index itself
 * @param fileSha512 of the index, 128 lower-case hexadecimal digits
 * @param older whether it is older than the last one, which the user allows
 * @param target the repository's current snapshot there
 * @param sha512 of that snapshot's image
 */
record VerifiedIndex(
    Mirror mirror,
    URI uri,
    Index index,
    String fileSha512,
    boolean older,
    Snapshot target,
    String sha512) {}
