/**
 * Publishing: an image of a tree, deltas from the snapshots before, a block index, and the index
 * that lists them all, into a mirror directory.
 *
 * <h2>Terms</h2>
 *
 * Mirror directory: what an HTTP server offers, {@code sha512sum.txt} and the files that it lists,
 * of any number of repositories. Staged: whole or in the making, but not yet under its name.
 * Unlisted: in the mirror directory, but not in the index. Blob: a file of the store, see {@link
 * io.strata.publish.BlobStore}.
 *
 * <h2>What lies in a mirror directory beside what is listed</h2>
 *
 * <ul>
 *   <li>{@code .publishing}: what is staged, see {@link io.strata.publish.Staging}.
 *   <li>{@code .published}: since when which files are unlisted, and which images there were, see
 *       {@link io.strata.publish.MirrorState}.
 *   <li>{@code .blobs}: the store that listed files are hard links to.
 * </ul>
 *
 * None of them is for clients.
 *
 * <h2>Order</h2>
 *
 * <ol>
 *   <li>The key, if any, signs a few bytes, which are read back.
 *   <li>The image is made. If it is that of the current snapshot but for its make time, nothing is
 *       published.
 *   <li>The command of {@code --post-process}, if any, runs for the image. If an image of this
 *       version was published before, it must be the same one.
 *   <li>The block index and the deltas are made, and each delta is applied and what comes out is
 *       compared with the image. A delta that is not worth it is left out, as is one that can't be
 *       made, unless its format is demanded.
 *   <li>The command runs for these. A delta that it changed is applied and compared again.
 *   <li>The index is made, signed and read back.
 *   <li>{@code .published} is replaced by one that names the new files and those that the index
 *       will no longer list.
 *   <li>The files are renamed to their names, and then the index.
 *   <li>What has been unlisted for long enough is removed, and blobs that nothing links to.
 * </ol>
 *
 * Each step is on disk before the next. So whoever reads an index finds what it names; a failure
 * before the last rename leaves the mirror as it was; and a process that is killed leaves at most
 * {@code .publishing}, which the next publication deletes, and unlisted files whose names are known
 * and which go when their time is over.
 *
 * <h2>Sharing</h2>
 *
 * A published file is a hard link to its blob, and so may be one with a file of another repository
 * or with one that was published before. Nothing here writes to a file that has more than one name;
 * a command that might gets private copies first, see {@link io.strata.publish.PostProcess}.
 *
 * <h2>Locking</h2>
 *
 * A publication holds an exclusive {@code flock(2)} on the mirror directory itself, from before it
 * reads the index until it has tidied up. {@link io.strata.publish.Publisher} keeps nothing between
 * calls and may be shared.
 *
 * <h2>Formats</h2>
 *
 * Names and index: upstream squashdelta's README, see {@link io.strata.trust} and {@link
 * io.strata.store.Snapshot}. The image is mksquashfs's, see {@link io.strata.publish.ImageMaker};
 * the block index {@link io.strata.blocks}'s. Deltas come in the formats that implement {@link
 * io.strata.publish.DeltaFormat}.
 */
@NullMarked
package io.strata.publish;

import org.jspecify.annotations.NullMarked;
