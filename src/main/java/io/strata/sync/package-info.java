/**
 * Brings a repository to its newest snapshot: plan, fetch, apply, verify, swap.
 *
 * <h2>Terms</h2>
 *
 * Mirror: a place that holds an index and the files it lists, reached by HTTP or in a directory.
 * Base: the image here that a delta is applied to. Way: how the newest image gets here. Plan: the
 * ways there are, with their bytes, and the order in which they are tried. Part: a run of bytes of
 * an image that another one may have too, see {@link io.strata.blocks}; where no delta leads to the
 * newest image, those parts are fetched by ranges that no image here has.
 *
 * <h2>The order of a sync</h2>
 *
 * The index is fetched and verified, and must not be older than the last accepted one; the base is
 * verified; the ways are weighed; a way is gone, its result verified against the index, written out
 * and renamed; the link is swapped; what was accepted is remembered. A failure before the rename
 * leaves everything as it was. Switching mounts, and collecting old images afterwards, is the
 * caller's.
 *
 * <h2>Locking</h2>
 *
 * One sync of a repository at a time: {@link io.strata.store.LockedRepository}. A plan takes no
 * lock and changes nothing.
 *
 * <p>The configuration is Portage's {@code repos.conf} (portage(5)), which has the syntax of
 * Python's configparser.
 */
@NullMarked
package io.strata.sync;

import org.jspecify.annotations.NullMarked;
