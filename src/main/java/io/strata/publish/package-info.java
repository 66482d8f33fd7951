/**
 * Publishing: an image of a tree, a delta from the snapshot before, and the index that lists both,
 * into a mirror directory.
 *
 * <h2>Terms</h2>
 *
 * Mirror directory: what an HTTP server offers, {@code sha512sum.txt} and the files that it lists,
 * of any number of repositories. Staged: whole or in the making, but not yet under its name.
 *
 * <h2>Order</h2>
 *
 * Everything is made and checked in {@code .publishing} inside the mirror directory, so that a
 * rename is all that is left. Then the image is renamed, then the delta, then the index; each is on
 * disk before the next. So whoever reads an index finds what it names, and a process that is killed
 * leaves at most {@code .publishing} and files that no index lists: the next publication deletes
 * the one and replaces the others.
 *
 * <h2>Locking</h2>
 *
 * A publication holds an exclusive {@code flock(2)} on the mirror directory itself, from before it
 * reads the index until after it has replaced it. {@link io.strata.publish.Publisher} keeps nothing
 * between calls and may be shared.
 *
 * <h2>Formats</h2>
 *
 * Names and index: upstream squashdelta's README, see {@link io.strata.trust} and {@link
 * io.strata.store.Snapshot}. The image is mksquashfs's, see {@link io.strata.publish.ImageMaker}.
 */
@NullMarked
package io.strata.publish;

import org.jspecify.annotations.NullMarked;
