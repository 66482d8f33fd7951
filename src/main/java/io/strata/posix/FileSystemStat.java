package io.strata.posix;

import java.nio.ByteBuffer;

/**
 * The numbers of a whole file system, as {@code fstatfs(2)} gives them.
 *
 * <p>Source of the layout: {@code struct statfs64} of asm-generic/statfs.h on 64-bit machines.
 *
 * @param type the magic number, as OVERLAYFS_SUPER_MAGIC
 * @param blockSize the preferred transfer size in bytes
 * @param blocks all blocks, in units of {@code fragmentSize}
 * @param freeBlocks free ones
 * @param availableBlocks free ones for ordinary users
 * @param files all inodes
 * @param freeFiles free inodes
 * @param nameLength the longest name in bytes
 * @param fragmentSize the unit of the block counts in bytes
 * @param flags how it is mounted, in bits {@code ST_...} of statfs(2)
 */
public record FileSystemStat(
    long type,
    long blockSize,
    long blocks,
    long freeBlocks,
    long availableBlocks,
    long files,
    long freeFiles,
    long nameLength,
    long fragmentSize,
    long flags) {
  private static final int ST_NOATIME = 0x400;
  private static final int ST_NODIRATIME = 0x800;

  /** Whether reading a directory may set its time of access. */
  public boolean keepsDirectoryAccess() {
    return (flags & (ST_NOATIME | ST_NODIRATIME)) == 0;
  }

  static FileSystemStat read(ByteBuffer bytes, int at) {
    return new FileSystemStat(
        bytes.getLong(at),
        bytes.getLong(at + 8),
        bytes.getLong(at + 16),
        bytes.getLong(at + 24),
        bytes.getLong(at + 32),
        bytes.getLong(at + 40),
        bytes.getLong(at + 48),
        bytes.getLong(at + 64),
        bytes.getLong(at + 72),
        bytes.getLong(at + 80));
  }
}
