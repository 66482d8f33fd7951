/**
 * The image cache: a directory of snapshots, who uses them and which one is current.
 *
 * <h2>What lies in the directory</h2>
 *
 * <ul>
 *   <li>{@code ${repo}-${version}.sqfs}: an image. It appears only whole and verified.
 *   <li>{@code ${repo}-current.sqfs}: a relative symbolic link to the current image, replaced by
 *       renaming a new link over it.
 *   <li>{@code .${repo}:WHAT.part}: a file in the making. The colon can't be in a repository's
 *       name, so a leftover is always known as its repository's own.
 *   <li>{@code .${repo}:WHAT.partial}: what has come of a download so far, for the next sync to go
 *       on with.
 *   <li>{@code .strata/${repo}.lock}, {@code .strata/${repo}.state} and {@code
 *       .strata/${repo}.history}: the repository's lock, what is remembered of it ({@link
 *       io.strata.store.RepositoryState}) and which snapshots were current ({@link
 *       io.strata.store.History}).
 * </ul>
 *
 * <h2>Terms</h2>
 *
 * Snapshot, image and lease are those of the design: a lease is a lock that says "this image is in
 * use".
 *
 * <h2>Locking</h2>
 *
 * All locks are {@code flock(2)} and die with their holder. An image in use is locked shared; it is
 * removed only under an exclusive lock that does not wait. Who takes a lease looks afterwards
 * whether the name still is the file that was locked, so a removal in between is noticed. Whatever
 * changes a repository's link, images or state holds the repository's lock file exclusively ({@link
 * io.strata.store.LockedRepository}); it is taken before any lease.
 *
 * <p>The names are those of squashdelta's README; the link is the one Portage's users know.
 */
@NullMarked
package io.strata.store;

import org.jspecify.annotations.NullMarked;
