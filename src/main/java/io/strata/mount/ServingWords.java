package io.strata.mount;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * What {@code -o} says of how a mount is served. Immutable.
 *
 * @param transport {@code transport=}: what serves
 * @param threads {@code threads=}: how many threads, from 1
 */
public record ServingWords(Optional<TransportKind> transport, OptionalInt threads) {}
