package io.strata.squashfs;

/**
 * What the inodes of all types begin with.
 *
 * <p>Source: {@code struct squashfs_base_inode} of squashfs_fs.h.
 *
 * @param reference where the inode lies
 * @param inodeNumber 1 to 2^32 - 1
 * @param mode type and permission bits
 * @param uid from the id table
 * @param gid from the id table
 * @param modifyTime seconds since 1970
 */
public record InodeHeader(
    long reference, long inodeNumber, int mode, int uid, int gid, long modifyTime) {}
