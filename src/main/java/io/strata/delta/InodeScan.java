package io.strata.delta;

import java.io.IOException;

/**
 * Walks over all inodes for the data blocks of regular files.
 *
 * <p>Source: {@code union squashfs_inode} of the kernel's squashfs_fs.h; the sizes are those of its
 * structures without the 16 bytes that all inodes begin with.
 */
final class InodeScan {
  private static final int SQUASHFS_DIR_TYPE = 1;
  private static final int SQUASHFS_REG_TYPE = 2;
  private static final int SQUASHFS_SYMLINK_TYPE = 3;
  private static final int SQUASHFS_BLKDEV_TYPE = 4;
  private static final int SQUASHFS_CHRDEV_TYPE = 5;
  private static final int SQUASHFS_FIFO_TYPE = 6;
  private static final int SQUASHFS_SOCKET_TYPE = 7;
  private static final int SQUASHFS_LDIR_TYPE = 8;
  private static final int SQUASHFS_LREG_TYPE = 9;
  private static final int SQUASHFS_LSYMLINK_TYPE = 10;
  private static final int SQUASHFS_LBLKDEV_TYPE = 11;
  private static final int SQUASHFS_LCHRDEV_TYPE = 12;
  private static final int SQUASHFS_LFIFO_TYPE = 13;
  private static final int SQUASHFS_LSOCKET_TYPE = 14;
  private static final int SQUASHFS_INVALID_FRAG = -1;

  /** Mode, owner, group, time and number. */
  private static final int BASE_AFTER_TYPE = 14;

  /** Takes the data blocks, with their sizes as they stand in the inode. */
  @FunctionalInterface
  interface Blocks {
    void block(long offset, int size) throws DeltaException;
  }

  private final MetadataChain chain;
  private final Superblock superblock;
  private final Blocks blocks;

  InodeScan(MetadataChain chain, Superblock superblock, Blocks blocks) {
    this.chain = chain;
    this.superblock = superblock;
    this.blocks = blocks;
  }

  void run() throws IOException, DeltaException {
    for (int i = 0; i < superblock.inodes(); i++) {
      inode();
    }
  }

  private void inode() throws IOException, DeltaException {
    int type = chain.u16();
    chain.skip(BASE_AFTER_TYPE);
    switch (type) {
      case SQUASHFS_DIR_TYPE -> chain.skip(16);
      case SQUASHFS_REG_TYPE -> file();
      case SQUASHFS_SYMLINK_TYPE -> symlink(0);
      case SQUASHFS_BLKDEV_TYPE, SQUASHFS_CHRDEV_TYPE -> chain.skip(8);
      case SQUASHFS_FIFO_TYPE, SQUASHFS_SOCKET_TYPE -> chain.skip(4);
      case SQUASHFS_LDIR_TYPE -> extendedDirectory();
      case SQUASHFS_LREG_TYPE -> extendedFile();
      case SQUASHFS_LSYMLINK_TYPE -> symlink(4);
      case SQUASHFS_LBLKDEV_TYPE, SQUASHFS_LCHRDEV_TYPE -> chain.skip(12);
      case SQUASHFS_LFIFO_TYPE, SQUASHFS_LSOCKET_TYPE -> chain.skip(8);
      default -> throw new DeltaException("an inode of unknown type " + type);
    }
  }

  private void symlink(int xattr) throws IOException, DeltaException {
    chain.skip(4); // nlink
    chain.skip(chain.u32() + xattr);
  }

  private void extendedDirectory() throws IOException, DeltaException {
    chain.skip(16); // nlink, file_size, start_block, parent_inode
    int indexes = chain.u16();
    chain.skip(6); // offset, xattr
    for (int i = 0; i < indexes; i++) {
      chain.skip(8); // index, start_block
      chain.skip(chain.u32() + 1); // the name, whose size is one less than its length
    }
  }

  private void file() throws IOException, DeltaException {
    long start = chain.u32();
    int fragment = chain.i32();
    chain.skip(4); // offset in the fragment
    blockList(start, fragment, chain.u32());
  }

  private void extendedFile() throws IOException, DeltaException {
    long start = chain.i64();
    long size = chain.i64();
    chain.skip(12); // sparse, nlink
    int fragment = chain.i32();
    chain.skip(8); // offset in the fragment, xattr
    if (start < 0 || size < 0) {
      throw new DeltaException("a file of " + size + " bytes with blocks at " + start);
    }
    blockList(start, fragment, size);
  }

  /** However many blocks a file claims, their sizes must stand in the chain, which is finite. */
  private void blockList(long start, int fragment, long fileSize)
      throws IOException, DeltaException {
    int blockSize = superblock.blockSize();
    boolean tail = fragment == SQUASHFS_INVALID_FRAG && fileSize % blockSize != 0;
    long count = fileSize / blockSize + (tail ? 1 : 0);
    long offset = start;
    for (long i = 0; i < count; i++) {
      int size = chain.i32();
      blocks.block(offset, size);
      offset += size & ~(1 << 24);
    }
  }
}
