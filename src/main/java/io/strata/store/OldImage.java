package io.strata.store;

/**
 * An image that a collection found, or would find, not wanted any more.
 *
 * @param snapshot whose image it is
 * @param bytes its length
 * @param inUse whether somebody has a lease of it, so that it stays for now
 */
public record OldImage(Snapshot snapshot, long bytes, boolean inUse) {}
