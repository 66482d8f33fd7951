package io.strata.squashfs;

import io.strata.posix.Stat;
import java.io.IOException;

/** Decodes inodes. Thread-safe. */
final class InodeReader {
  /** The bytes of the smallest inode, that of a FIFO. */
  static final int SMALLEST = 20;

  private static final int PERMISSIONS = 07777;

  private final MetadataTable table;
  private final IdTable ids;
  private final int blockLog;
  private final long inodes;
  private final BlockListShelf shelf = new BlockListShelf();

  InodeReader(MetadataTable table, IdTable ids, Superblock superblock) {
    this.table = table;
    this.ids = ids;
    this.blockLog = Integer.numberOfTrailingZeros(superblock.blockSize());
    this.inodes = superblock.inodes();
  }

  /** Decodes the inode at {@code reference}; leaves {@code cursor} behind its fixed part. */
  Inode read(long reference, MetadataCursor cursor) throws IOException {
    cursor.seek(reference);
    int type = cursor.u16();
    if (!InodeType.isKnown(type)) {
      throw cursor.corrupt("an inode of type " + type);
    }
    InodeHeader header = readHeader(reference, type, cursor);
    return switch (type) {
      case InodeType.SQUASHFS_DIR_TYPE -> directory(header, cursor);
      case InodeType.SQUASHFS_LDIR_TYPE -> extendedDirectory(header, cursor);
      case InodeType.SQUASHFS_REG_TYPE -> file(header, cursor);
      case InodeType.SQUASHFS_LREG_TYPE -> extendedFile(header, cursor);
      case InodeType.SQUASHFS_SYMLINK_TYPE -> symlink(header, cursor, false);
      case InodeType.SQUASHFS_LSYMLINK_TYPE -> symlink(header, cursor, true);
      case InodeType.SQUASHFS_BLKDEV_TYPE, InodeType.SQUASHFS_CHRDEV_TYPE ->
          device(header, cursor, false);
      case InodeType.SQUASHFS_LBLKDEV_TYPE, InodeType.SQUASHFS_LCHRDEV_TYPE ->
          device(header, cursor, true);
      case InodeType.SQUASHFS_FIFO_TYPE, InodeType.SQUASHFS_SOCKET_TYPE ->
          ipc(header, cursor, false);
      default -> ipc(header, cursor, true);
    };
  }

  private InodeHeader readHeader(long reference, int type, MetadataCursor cursor)
      throws IOException {
    int mode = (cursor.u16() & PERMISSIONS) | InodeType.modeOf(type);
    int uid = cursor.u16();
    int gid = cursor.u16();
    if (uid >= ids.count() || gid >= ids.count()) {
      throw cursor.corrupt("an owner beyond the " + ids.count() + " ids of the image");
    }
    long time = cursor.u32();
    long number = cursor.u32();
    if (number == 0 || number > inodes) {
      throw cursor.corrupt("inode number " + number + " in an image of " + inodes + " inodes");
    }
    return new InodeHeader(reference, number, mode, ids.get(uid), ids.get(gid), time);
  }

  private static DirectoryInode directory(InodeHeader header, MetadataCursor cursor)
      throws IOException {
    long block = cursor.u32();
    long links = cursor.u32();
    int size = cursor.u16();
    int offset = cursor.u16();
    long parent = cursor.u32();
    return new DirectoryInode(
        header, size, links, Inode.SQUASHFS_INVALID_XATTR, block, offset, parent, 0, 0);
  }

  private static DirectoryInode extendedDirectory(InodeHeader header, MetadataCursor cursor)
      throws IOException {
    long links = cursor.u32();
    long size = cursor.u32();
    long block = cursor.u32();
    long parent = cursor.u32();
    int indexEntries = cursor.u16();
    int offset = cursor.u16();
    int xattr = cursor.s32();
    long index = cursor.reference();
    return new DirectoryInode(
        header, size, links, xattr, block, offset, parent, indexEntries, index);
  }

  private FileInode file(InodeHeader header, MetadataCursor cursor) throws IOException {
    long start = cursor.u32();
    int fragment = cursor.s32();
    long fragmentOffset = cursor.u32();
    long size = cursor.u32();
    BlockList blocks = blocks(start, size, fragment, cursor);
    return new FileInode(
        header, size, 0, 1, Inode.SQUASHFS_INVALID_XATTR, fragment, fragmentOffset, blocks);
  }

  private FileInode extendedFile(InodeHeader header, MetadataCursor cursor) throws IOException {
    long start = cursor.s64();
    long size = cursor.s64();
    long sparse = cursor.s64();
    long links = cursor.u32();
    int fragment = cursor.s32();
    long fragmentOffset = cursor.u32();
    int xattr = cursor.s32();
    if (size < 0) {
      throw cursor.corrupt("a file of " + Long.toUnsignedString(size) + " bytes");
    }
    long holes = Math.clamp(sparse, 0, size);
    BlockList blocks = blocks(start, size, fragment, cursor);
    return new FileInode(header, size, holes, links, xattr, fragment, fragmentOffset, blocks);
  }

  private BlockList blocks(long start, long size, int fragment, MetadataCursor cursor)
      throws IOException {
    boolean tail = fragment == FileInode.SQUASHFS_INVALID_FRAG;
    long rest = size & (1L << blockLog) - 1;
    long count = (size >>> blockLog) + (tail && rest > 0 ? 1 : 0);
    if (count > table.capacity() / Integer.BYTES) {
      throw cursor.corrupt("a file of " + size + " bytes: its block list leaves the table");
    }
    if (count > BlockList.MAX_COUNT) {
      throw cursor.corrupt("a file of " + count + " blocks, more than " + BlockList.MAX_COUNT);
    }
    if (start < 0) {
      throw cursor.corrupt("file data at byte " + Long.toUnsignedString(start));
    }
    return new BlockList(cursor.reference(), start, count, shelf);
  }

  private static SymlinkInode symlink(InodeHeader header, MetadataCursor cursor, boolean extended)
      throws IOException {
    long links = cursor.u32();
    long size = cursor.u32();
    if (size == 0 || size > SymlinkInode.MAX_TARGET) {
      throw cursor.corrupt("a symbolic link with a target of " + size + " bytes");
    }
    long target = cursor.reference();
    cursor.skip(size);
    int xattr = extended ? cursor.s32() : Inode.SQUASHFS_INVALID_XATTR;
    return new SymlinkInode(header, size, links, xattr, target);
  }

  private static DeviceInode device(InodeHeader header, MetadataCursor cursor, boolean extended)
      throws IOException {
    long links = cursor.u32();
    int device = cursor.s32();
    int xattr = extended ? cursor.s32() : Inode.SQUASHFS_INVALID_XATTR;
    return new DeviceInode(header, links, xattr, device);
  }

  private static IpcInode ipc(InodeHeader header, MetadataCursor cursor, boolean extended)
      throws IOException {
    long links = cursor.u32();
    int xattr = extended ? cursor.s32() : Inode.SQUASHFS_INVALID_XATTR;
    return new IpcInode(header, links, xattr);
  }

  /** The target of {@code link}: no NUL, 1 to 4095 bytes. */
  byte[] target(SymlinkInode link, MetadataCursor cursor) throws IOException {
    cursor.seek(link.targetReference());
    byte[] target = new byte[(int) link.size()];
    cursor.read(target, 0, target.length);
    for (byte b : target) {
      if (b == 0) {
        throw cursor.corrupt("a symbolic link with a NUL in its target");
      }
    }
    return target;
  }

  /**
   * The reference of the inode that follows {@code inode} in the table.
   *
   * <p>Its bytes need not be an inode: the table may end here.
   */
  long following(Inode inode, MetadataCursor cursor) throws IOException {
    read(inode.reference(), cursor);
    if (inode instanceof FileInode file) {
      cursor.skip(file.blocks().count() * Integer.BYTES);
    } else if (inode instanceof DirectoryInode directory) {
      for (int i = 0; i < directory.indexEntries(); i++) {
        cursor.skip(2 * Integer.BYTES);
        cursor.skip(cursor.u32() + 1);
      }
    }
    return cursor.reference();
  }

  /** The type bits of {@code inode}. */
  static int typeOf(Inode inode) {
    return inode.mode() & Stat.S_IFMT;
  }
}
