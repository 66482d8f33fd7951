/** Strata: signed SquashFS snapshots, synced by deltas, mounted under a writable union. */
@org.jspecify.annotations.NullMarked
package io.strata;
