package io.strata.squashfs;

/**
 * A file of any type, as its inode describes it. Immutable.
 *
 * <p>Source: the inode structures of squashfs_fs.h, basic and extended ones alike.
 */
public sealed interface Inode
    permits FileInode, DirectoryInode, SymlinkInode, DeviceInode, IpcInode {
  /** {@code SQUASHFS_INVALID_XATTR}: there are no extended attributes. */
  int SQUASHFS_INVALID_XATTR = -1;

  /** What all types have. */
  InodeHeader header();

  /** How many names it has. */
  long linkCount();

  /** Its entry in the xattr id table, unsigned, or {@link #SQUASHFS_INVALID_XATTR}. */
  int xattrIndex();

  /** What stat(2) gives as st_size. */
  long size();

  /** Where it lies; unique in its image, and the same each time the image is opened. */
  default long reference() {
    return header().reference();
  }

  /** Its number, 1 to 2^32 - 1. */
  default long inodeNumber() {
    return header().inodeNumber();
  }

  /** Type and permission bits, as st_mode. */
  default int mode() {
    return header().mode();
  }

  default int uid() {
    return header().uid();
  }

  default int gid() {
    return header().gid();
  }

  /** Seconds since 1970, unsigned 32 bits. */
  default long modifyTime() {
    return header().modifyTime();
  }

  default boolean hasXattrs() {
    return xattrIndex() != SQUASHFS_INVALID_XATTR;
  }
}
