/**
 * The {@code .sqdelta} format, version 0, both ways: what upstream squashdelta writes and
 * squashmerge applies.
 *
 * <h2>Terms</h2>
 *
 * <p><em>Source</em> and <em>target</em> are the image before and after. A <em>block</em> is a
 * compressed range of an image that the delta lists. The <em>expanded</em> form of an image is the
 * image with the bytes of its listed blocks replaced by NULs, then those blocks uncompressed in the
 * order of the list, then the list, then the header. The <em>patch</em> is a VCDIFF between the two
 * expanded forms. A <em>staged</em> file is whole, but has not its name yet.
 *
 * <h2>Format</h2>
 *
 * <pre>
 * header: 4 x u32 big-endian: magic 0x5371ceb4, flags 0, compression, number of blocks
 * list:   per block 3 x u32 big-endian: offset, length, uncompressed length
 * patch:  VCDIFF, to the end of the file
 * </pre>
 *
 * <p>The target's list and header stand at the end of the patched output. Source: the FORMAT text
 * of mgorny/squashdelta, and its code where the two differ (see {@link
 * io.strata.delta.SqdeltaCompression}). VCDIFF is RFC 3284 with what xdelta3 adds to it: an
 * Adler-32 per window and DJW as secondary compression.
 *
 * <h2>Locking</h2>
 *
 * <p>Everything here is used by one thread at a time, except that {@link
 * io.strata.delta.DeltaApplier} and {@link io.strata.delta.DeltaMaker} keep nothing between calls
 * and may be shared. Both use all cores, and end their threads before they return.
 *
 * <h2>Failures</h2>
 *
 * <p>{@link io.strata.delta.DeltaException} if the delta, the source or a library is at fault; the
 * message names the file. {@link java.io.IOException} if the file system is. Deltas are hostile:
 * nothing is allocated or written by a number of theirs before it was checked.
 */
@NullMarked
package io.strata.delta;

import org.jspecify.annotations.NullMarked;
