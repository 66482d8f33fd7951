package io.strata.squashfs;

/**
 * A symbolic link.
 *
 * @param size bytes of its target, 1 to 4095
 * @param targetReference where in the inode table the target lies
 */
public record SymlinkInode(
    InodeHeader header, long size, long linkCount, int xattrIndex, long targetReference)
    implements Inode {
  /** The longest target that Linux knows, in bytes: PATH_MAX without the NUL (linux/limits.h). */
  public static final int MAX_TARGET = 4095;
}
