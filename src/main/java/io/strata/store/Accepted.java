package io.strata.store;

import java.time.Instant;
import java.util.Optional;

/**
 * What the last accepted index said, so that an older one is known as such.
 *
 * @param version of the snapshot it named as current
 * @param sha512 of that snapshot's image, 128 lower-case hexadecimal digits
 * @param signed when the index was signed; empty if its signature was not checked
 * @param origin which index that was; empty where an earlier version of the program wrote the state
 */
public record Accepted(
    String version, String sha512, Optional<Instant> signed, Optional<IndexOrigin> origin) {}
