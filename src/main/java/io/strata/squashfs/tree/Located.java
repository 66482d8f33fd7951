package io.strata.squashfs.tree;

import io.strata.squashfs.Inode;

/**
 * What a path leads to.
 *
 * @param path without links in it, but the last name may be one
 */
public record Located(ImagePath path, Inode inode) {}
