package io.strata.squashfs;

/**
 * What the cache of data blocks did so far.
 *
 * @param hits blocks that were there, or on their way, when they were wanted
 * @param misses blocks that were not
 * @param waits how often a thread waited for a block that another one loaded
 * @param loads blocks that were read, and decompressed where they are compressed
 * @param ahead blocks that were loaded before anybody wanted them
 * @param aheadUsed how many of these were wanted then
 * @param aheadLost how many of these made room for others before anybody wanted them
 */
public record BlockStatistics(
    long hits, long misses, long waits, long loads, long ahead, long aheadUsed, long aheadLost) {
  BlockStatistics plus(BlockStatistics other) {
    return new BlockStatistics(
        hits + other.hits,
        misses + other.misses,
        waits + other.waits,
        loads + other.loads,
        ahead + other.ahead,
        aheadUsed + other.aheadUsed,
        aheadLost + other.aheadLost);
  }
}
