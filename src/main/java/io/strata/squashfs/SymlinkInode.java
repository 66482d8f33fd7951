package io.strata.squashfs;

/**
 * A symbolic link.
 *
 * @param size bytes of its target, 1 to 65535
 * @param targetReference where in the inode table the target lies
 */
public record SymlinkInode(
    InodeHeader header, long size, long linkCount, int xattrIndex, long targetReference)
    implements Inode {
  /** The longest target, in bytes, that is believed. */
  public static final int MAX_TARGET = 65535;
}
