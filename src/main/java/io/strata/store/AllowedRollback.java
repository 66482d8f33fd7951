package io.strata.store;

import java.time.Instant;

/**
 * That the user had an older index accepted, and no newer one came since.
 *
 * @param from what was accepted before it
 * @param at when the older one was accepted, to the second
 */
public record AllowedRollback(Accepted from, Instant at) {}
