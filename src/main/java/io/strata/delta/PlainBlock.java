package io.strata.delta;

import org.jspecify.annotations.Nullable;

/**
 * A block of the target that is to be compressed.
 *
 * @param number in the target's list
 * @param bytes hold it uncompressed, from index {@code at} on
 * @param window which these bytes belong to; null if they are the block's own
 */
record PlainBlock(int number, byte[] bytes, int at, @Nullable DecodedWindow window) {}
