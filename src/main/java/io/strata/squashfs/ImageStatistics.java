package io.strata.squashfs;

/**
 * What an image's block cache did so far.
 *
 * @param blockHits blocks that were there, or on their way, when they were wanted
 * @param blockWaits how often a thread waited for a block that another one loaded
 * @param blockLoads blocks that were read and decompressed
 */
public record ImageStatistics(long blockHits, long blockWaits, long blockLoads) {}
