package io.strata.delta.sqdelta2;

import io.strata.codec.CodecException;
import io.strata.codec.Compression;
import io.strata.delta.DeltaException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The head of an image.
 *
 * <p>Source: {@code struct squashfs_super_block} of the kernel's squashfs_fs.h.
 *
 * @param blockLog 12 to 20
 * @param fragments how many fragment blocks there are
 * @param root the reference of the root's inode
 * @param xattrTable where the index of the xattr ids starts, or {@link #NONE}, and so on
 */
record Superblock(
    long inodes,
    int blockLog,
    long fragments,
    Compression compression,
    boolean hasOptions,
    int ids,
    long root,
    long idTable,
    long xattrTable,
    long inodeTable,
    long directoryTable,
    long fragmentTable,
    long exportTable) {
  static final int SIZE = 96;
  static final long NONE = -1;

  private static final int SQUASHFS_MAGIC = 0x73717368;
  private static final int SQUASHFS_COMP_OPT = 1 << 10;

  /** Reads the first {@link #SIZE} bytes of an image. */
  static Superblock read(byte[] head) throws DeltaException {
    ByteBuffer in = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
    if (in.getInt(0) != SQUASHFS_MAGIC) {
      throw new DeltaException("not a SquashFS image");
    }
    if (in.getShort(28) != 4 || in.getShort(30) != 0) {
      throw new DeltaException(
          "SquashFS " + in.getShort(28) + "." + in.getShort(30) + " instead of 4.0");
    }
    int log = in.getShort(22);
    if (log < 12 || log > 20 || in.getInt(12) != 1 << log) {
      throw new DeltaException("the superblock's block size " + in.getInt(12) + " is invalid");
    }
    return new Superblock(
        in.getInt(4) & 0xffff_ffffL,
        log,
        in.getInt(16) & 0xffff_ffffL,
        compression(in.getShort(20)),
        (in.getShort(24) & SQUASHFS_COMP_OPT) != 0,
        in.getShort(26) & 0xffff,
        in.getLong(32),
        in.getLong(48),
        in.getLong(56),
        in.getLong(64),
        in.getLong(72),
        in.getLong(80),
        in.getLong(88));
  }

  private static Compression compression(int id) throws DeltaException {
    try {
      return Compression.ofId(id);
    } catch (CodecException e) {
      throw new DeltaException("the superblock has an " + e.getMessage(), e);
    }
  }

  int blockSize() {
    return 1 << blockLog;
  }
}
