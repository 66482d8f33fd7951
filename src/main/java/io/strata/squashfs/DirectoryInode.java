package io.strata.squashfs;

/**
 * A directory.
 *
 * @param size length of its listing and 3 more, as the image has it
 * @param listingBlock the metadata block where the listing begins, from the directory table's start
 * @param listingOffset where it begins in the decoded block
 * @param parentInode number of the inode of the directory above; the root's is no inode's
 * @param indexEntries how many index entries lead into the listing
 * @param indexReference where in the inode table they begin
 */
public record DirectoryInode(
    InodeHeader header,
    long size,
    long linkCount,
    int xattrIndex,
    long listingBlock,
    int listingOffset,
    long parentInode,
    int indexEntries,
    long indexReference)
    implements Inode {
  /** The kernel counts "." and ".." as 3 bytes of a listing. */
  private static final int DOTS = 3;

  /** The bytes of the listing, 0 if the directory is empty. */
  long listingLength() {
    return Math.max(size - DOTS, 0);
  }
}
