/**
 * Paths in an image, and a tree of files made from one.
 *
 * <p>Terms. <em>Path</em>: names from the root of an image, bytes, separated by slashes; {@code ..}
 * and symbolic links lead nowhere but to other places of the same image. <em>Target</em>: the
 * directory that an image is extracted to.
 *
 * <p>Names and numbers of an image are hostile: files are made by name in a directory that is held
 * open and was made by the same run, exclusively, following no link; so nothing is written outside
 * the target, whatever the names say and whoever writes into the target meanwhile.
 *
 * <p>Locking: none; an {@link io.strata.squashfs.tree.Extractor} is for one thread and one run.
 */
@NullMarked
package io.strata.squashfs.tree;

import org.jspecify.annotations.NullMarked;
