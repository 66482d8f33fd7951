/**
 * The trees that Strata mounts: one image as it is ({@link io.strata.union.ImageFileSystem}), or
 * several layers as one.
 *
 * <p>Terms: a <em>layer</em> is one tree of a union. A <em>lower</em> layer is never written to;
 * the <em>upper</em> takes every change. <em>Copy-up</em>: copying a lower file to the upper before
 * its first change. A <em>whiteout</em> is an upper entry that hides a lower name; an
 * <em>opaque</em> directory hides the entries of the one below. A directory is <em>merged</em> when
 * it is in the upper and below. A <em>node</em> is what FUSE calls an inode of the mount.
 *
 * <p>Source of the upper's format: Documentation/filesystems/overlayfs.rst and fs/overlayfs of the
 * kernel. What is written here, kernel overlayfs mounts with {@code -o redirect_dir=on}.
 */
@NullMarked
package io.strata.union;

import org.jspecify.annotations.NullMarked;
