/**
 * The trees that Strata mounts: one image as it is ({@link io.strata.union.ImageFileSystem}), or
 * several layers as one ({@link io.strata.union.UnionFileSystem}).
 *
 * <p>Terms: a <em>layer</em> is one tree of a union. A <em>lower</em> layer is never written to;
 * the <em>upper</em> takes every change. <em>Copy-up</em>: copying a lower file to the upper before
 * its first change. A <em>whiteout</em> is an upper entry that hides a lower name; an
 * <em>opaque</em> directory hides the entries of the one below. A directory is <em>merged</em> when
 * it is in the upper and below. A <em>redirect</em> says where below a moved directory has its
 * lower ones. The <em>index</em> holds copied-up files that have several names below. A
 * <em>node</em> is what FUSE calls an inode of the mount; a <em>place</em> is where a backing file
 * is reached.
 *
 * <p>How it is built. {@link io.strata.union.Tree} finds {@link io.strata.union.Node}s, which
 * {@link io.strata.union.NodeTable} keeps while the kernel knows them. A node has {@link
 * io.strata.union.Lower}s, or is in the {@link io.strata.union.Upper}, or both. The upper tree has
 * the shape of the union's, so a node's names say where its upper file is; it is reached by {@code
 * openat(2)} and its kin from the descriptor of its directory, of which {@link
 * io.strata.union.Descriptors} keeps the ones used last. An O_PATH descriptor for each node would
 * save the reopening, but a tree has more files than a process may have descriptors. Only a file
 * without a name is held by one (pinned).
 *
 * <p>What stays the same: a node keeps its id and its st_ino when it is copied up, moved, or loses
 * its names. All names of a file are one node. st_ino has the layer in its upper bits ({@link
 * io.strata.union.LayerIds}), where directories on one file system count as one ({@link
 * io.strata.union.SharedNumbers}); a copied-up file's is the lower one's, recorded as
 * overlay.origin. The id follows from the st_ino, so that a file handle is good after a remount
 * too; {@link io.strata.union.Locator} finds what only its id is known of.
 *
 * <p>Every change is one step for whoever looks, and for whoever comes after a crash: what takes
 * several calls is made in the work directory and appears by one rename; what is removed is
 * replaced by its whiteout in one rename, or moved to the work directory before it is taken apart.
 * What lies in the work directory at the start is left over, and removed. A change that fails has
 * changed nothing that shows; directories that were copied up for it stay so, and look as before.
 *
 * <p>Locking, in the order in which locks are taken:
 *
 * <ol>
 *   <li>{@link io.strata.union.Node#copyUp}: one thread copies a file's data. Held for long, and
 *       never while waiting for another node's.
 *   <li>{@link io.strata.union.Tree#lock}, the name lock. Shared: finding, attributes, listing,
 *       opening, and any use of a {@link io.strata.union.Place}. Exclusive: everything that changes
 *       which name leads where, or which layer has what. Never held while file data is copied,
 *       read, written or synced.
 *   <li>a directory's {@link io.strata.union.Node#slot}, while it is being listed for the first
 *       time, and an opening's own lock while it changes over to the upper.
 *   <li>the lock of {@link io.strata.union.NodeTable}, of {@link io.strata.union.Descriptors} and
 *       of {@link io.strata.union.HandleTable}: for moments; nothing is taken after them, but that
 *       the table of nodes gives back descriptors.
 * </ol>
 *
 * Reading and writing what is open takes none of these.
 *
 * <p>Caching: nobody else changes the layers while they are mounted, so the kernel may keep
 * entries, attributes, absent names and listings for ever; it knows itself what its own changes
 * change. Directories are not opened: a {@link io.strata.union.DirectoryListing} is kept right as
 * long as its directory is known, and positions in it last. Small files of lower images are put
 * into the kernel's cache before a walker asks ({@link io.strata.union.LowerPages}).
 *
 * <p>Source of the upper's format: Documentation/filesystems/overlayfs.rst and fs/overlayfs of the
 * kernel. What is written here, kernel overlayfs mounts with {@code -o redirect_dir=on,metacopy=on}
 * ({@code index=on} and the same work directory where lower files with several names were changed).
 */
@NullMarked
package io.strata.union;

import org.jspecify.annotations.NullMarked;
