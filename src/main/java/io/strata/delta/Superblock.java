package io.strata.delta;

import java.nio.ByteBuffer;

/**
 * What the search for blocks needs from a SquashFS superblock.
 *
 * <p>Source: {@code struct squashfs_super_block} of the kernel's squashfs_fs.h.
 *
 * @param inodes how many inodes there are
 * @param blockSize the largest data block in bytes, 4 KiB to 1 MiB, a power of two
 * @param fragments how many fragment blocks there are
 * @param compression the number of the algorithm
 * @param hasOptions whether compressor options follow the superblock
 * @param inodeTable where the inode table starts in the image, and so on
 * @param directoryTable where the directory table starts
 * @param fragmentTable where the index of the fragment table starts, or -1
 */
record Superblock(
    int inodes,
    int blockSize,
    int fragments,
    int compression,
    boolean hasOptions,
    long inodeTable,
    long directoryTable,
    long fragmentTable) {
  static final int SIZE = 96;

  /** "hsqs". */
  private static final int SQUASHFS_MAGIC = 0x73717368;

  private static final int SQUASHFS_COMP_OPT = 1 << 10;
  private static final int MIN_BLOCK_LOG = 12;
  private static final int MAX_BLOCK_LOG = 20;

  /**
   * Reads and checks a superblock.
   *
   * @param bytes little-endian, the first {@link #SIZE} bytes of the image
   * @param length length of the image in bytes
   */
  static Superblock read(ByteBuffer bytes, long length) throws DeltaException {
    if (bytes.getInt(0) != SQUASHFS_MAGIC) {
      throw new DeltaException("not a SquashFS image");
    }
    if (bytes.getShort(28) != 4 || bytes.getShort(30) != 0) {
      throw new DeltaException(
          "SquashFS " + bytes.getShort(28) + "." + bytes.getShort(30) + " instead of 4.0");
    }
    int blockLog = bytes.getShort(22);
    if (blockLog < MIN_BLOCK_LOG || blockLog > MAX_BLOCK_LOG || bytes.getInt(12) != 1 << blockLog) {
      throw new DeltaException("the superblock's block size " + bytes.getInt(12) + " is invalid");
    }
    Superblock superblock =
        new Superblock(
            bytes.getInt(4),
            bytes.getInt(12),
            bytes.getInt(16),
            bytes.getShort(20),
            (bytes.getShort(24) & SQUASHFS_COMP_OPT) != 0,
            bytes.getLong(64),
            bytes.getLong(72),
            bytes.getLong(80));
    superblock.check(length);
    return superblock;
  }

  private void check(long length) throws DeltaException {
    boolean ordered = SIZE <= inodeTable && inodeTable <= directoryTable;
    if (!ordered || directoryTable > length || inodes < 0 || fragments < 0) {
      throw new DeltaException("the superblock's tables are not inside the image");
    }
    boolean behind = fragmentTable >= directoryTable && fragmentTable <= length;
    if (fragments > 0 && !behind) {
      throw new DeltaException("the superblock's fragment table is not inside the image");
    }
  }
}
