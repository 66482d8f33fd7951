package io.strata.squashfs.tree;

import io.strata.squashfs.DirectoryCursor;
import io.strata.squashfs.DirectoryInode;

/**
 * A directory in the making.
 *
 * @param descriptor of the directory in the target
 * @param name of it in the directory above
 * @param entries of it in the image
 * @param wanted what of it is to be made
 */
record Level(
    int descriptor, byte[] name, DirectoryInode inode, DirectoryCursor entries, Selection wanted) {}
