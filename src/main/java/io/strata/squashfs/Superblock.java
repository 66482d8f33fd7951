package io.strata.squashfs;

import io.strata.codec.CodecException;
import io.strata.codec.Compression;
import java.nio.ByteBuffer;

/**
 * The head of an image, validated. Positions are bytes from the start of the image; counts are
 * unsigned.
 *
 * <p>Source: {@code struct squashfs_super_block} of squashfs_fs.h.
 *
 * @param inodes how many inodes there are
 * @param makeTime when the image was made, in seconds since 1970
 * @param blockSize of data blocks, a power of two from 4 KiB to 1 MiB
 * @param fragments how many fragments there are
 * @param compression of all compressed blocks
 * @param flags {@code SQUASHFS_NOI} and its kin, one bit each
 * @param ids how many user and group ids there are, 1 to 65535
 * @param rootInode the reference of the root directory's inode
 * @param bytesUsed the length of the image
 * @param xattrIdTableStart or {@link #INVALID_BLK}
 * @param lookupTableStart of the export table, or {@link #INVALID_BLK}
 */
public record Superblock(
    long inodes,
    long makeTime,
    int blockSize,
    long fragments,
    Compression compression,
    int flags,
    int ids,
    long rootInode,
    long bytesUsed,
    long idTableStart,
    long xattrIdTableStart,
    long inodeTableStart,
    long directoryTableStart,
    long fragmentTableStart,
    long lookupTableStart) {
  public static final int SQUASHFS_MAGIC = 0x73717368;
  public static final int SQUASHFS_MAJOR = 4;
  public static final int SQUASHFS_MINOR = 0;

  /** The bytes that it takes on disk. */
  public static final int SIZE = 96;

  /** {@code SQUASHFS_INVALID_BLK}: there is no such table. */
  public static final long INVALID_BLK = -1;

  /** Flag bit: compressor options follow the superblock. */
  public static final int SQUASHFS_COMP_OPT = 1 << 10;

  /** Flag bit: the image has an export table. */
  public static final int SQUASHFS_EXPORT = 1 << 7;

  /** What is said of a file that does not begin with the magic. */
  static final String NO_IMAGE = "not a SquashFS image";

  private static final int SQUASHFS_MAGIC_SWAP = 0x68737173;
  private static final int MIN_LOG = 12;
  private static final int SQUASHFS_FILE_MAX_LOG = 20;

  /**
   * Reads and checks the first 96 bytes of {@code bytes}, which is little-endian.
   *
   * @throws CorruptImageException if it is no superblock of version 4.0, or contradicts itself or
   *     the size of the file
   */
  static Superblock read(ByteBuffer bytes, ImageFile file) throws CorruptImageException {
    checkMagic(bytes.getInt(0), file);
    checkVersion(bytes.getShort(28), bytes.getShort(30), file);
    Superblock superblock =
        new Superblock(
            Integer.toUnsignedLong(bytes.getInt(4)),
            Integer.toUnsignedLong(bytes.getInt(8)),
            blockSize(bytes.getInt(12), bytes.getShort(22), file),
            Integer.toUnsignedLong(bytes.getInt(16)),
            compression(Short.toUnsignedInt(bytes.getShort(20)), file),
            Short.toUnsignedInt(bytes.getShort(24)),
            Short.toUnsignedInt(bytes.getShort(26)),
            bytes.getLong(32),
            bytes.getLong(40),
            bytes.getLong(48),
            bytes.getLong(56),
            bytes.getLong(64),
            bytes.getLong(72),
            bytes.getLong(80),
            bytes.getLong(88));
    superblock.check(file);
    return superblock;
  }

  private static void checkMagic(int magic, ImageFile file) throws CorruptImageException {
    if (magic == SQUASHFS_MAGIC_SWAP) {
      throw file.refused(0, "a big-endian SquashFS image of version 3 or older", "convert it");
    }
    if (magic != SQUASHFS_MAGIC) {
      throw file.refused(0, NO_IMAGE, "name one, such as mksquashfs makes");
    }
  }

  private static void checkVersion(int major, int minor, ImageFile file)
      throws CorruptImageException {
    if (major != SQUASHFS_MAJOR || minor != SQUASHFS_MINOR) {
      String version = Short.toUnsignedInt((short) major) + "." + (minor & 0xffff);
      throw file.refused(28, "SquashFS version " + version + ", not 4.0", "convert it");
    }
  }

  private static int blockSize(int size, short log, ImageFile file) throws CorruptImageException {
    if (log < MIN_LOG || log > SQUASHFS_FILE_MAX_LOG || size != 1 << log) {
      throw file.corrupt("superblock", 12, "block size " + size + " with block log " + log);
    }
    return size;
  }

  private static Compression compression(int id, ImageFile file) throws CorruptImageException {
    try {
      return Compression.ofId(id);
    } catch (CodecException e) {
      throw file.corrupt("superblock", 20, String.valueOf(e.getMessage()));
    }
  }

  private void check(ImageFile file) throws CorruptImageException {
    if (bytesUsed < SIZE) {
      throw file.corrupt("superblock", 40, "an image of " + bytesUsed + " bytes");
    }
    if (bytesUsed > file.size()) {
      String problem =
          "the image is truncated: %d bytes where the superblock says %d"
              .formatted(file.size(), bytesUsed);
      throw file.corrupt("superblock", 40, problem);
    }
    if (ids == 0) {
      throw file.corrupt("superblock", 26, "no user and group ids");
    }
    if (inodes == 0) {
      throw file.corrupt("superblock", 4, "no inodes");
    }
    checkTables(file);
  }

  private void checkTables(ImageFile file) throws CorruptImageException {
    checkInside(file, 48, "id table", idTableStart);
    checkInside(file, 64, "inode table", inodeTableStart);
    checkInside(file, 72, "directory table", directoryTableStart);
    if (inodeTableStart >= directoryTableStart) {
      throw file.corrupt("superblock", 64, "the inode table is not before the directory table");
    }
    if (fragments > 0) {
      checkInside(file, 80, "fragment table", fragmentTableStart);
    }
    if (hasXattrs()) {
      checkInside(file, 56, "xattr id table", xattrIdTableStart);
    }
    if (isExportable()) {
      checkInside(file, 88, "export table", lookupTableStart);
    }
    checkOrder(file);
  }

  /**
   * The tables follow each other in one order, as the kernel wants them too: one that overlaps the
   * next is of another image, or of none.
   */
  private void checkOrder(ImageFile file) throws CorruptImageException {
    long start = directoryTableStart;
    String table = "directory table";
    int[] fields = {80, 88, 48, 56};
    String[] names = {"fragment table", "export table", "id table", "xattr id table"};
    boolean[] there = {fragments > 0, isExportable(), true, hasXattrs()};
    long[] starts = {fragmentTableStart, lookupTableStart, idTableStart, xattrIdTableStart};
    for (int i = 0; i < starts.length; i++) {
      if (there[i] && starts[i] <= start) {
        String problem = "the " + names[i] + " is said to begin before the " + table;
        throw file.corrupt("superblock", fields[i], problem);
      }
      if (there[i]) {
        start = starts[i];
        table = names[i];
      }
    }
  }

  /** Where the table behind the one with the index at {@code start} has its index. */
  long endOfTable(long start) {
    long end = bytesUsed;
    long[] starts = {
      fragments > 0 ? fragmentTableStart : bytesUsed,
      isExportable() ? lookupTableStart : bytesUsed,
      idTableStart,
      hasXattrs() ? xattrIdTableStart : bytesUsed
    };
    for (long other : starts) {
      end = other > start ? Math.min(end, other) : end;
    }
    return end;
  }

  private void checkInside(ImageFile file, int field, String table, long start)
      throws CorruptImageException {
    if (start < SIZE || start >= bytesUsed) {
      throw file.corrupt("superblock", field, "the " + table + " is said to begin at " + start);
    }
  }

  /** Whether any inode has extended attributes. */
  public boolean hasXattrs() {
    return xattrIdTableStart != INVALID_BLK;
  }

  /** Whether inodes can be found by number. */
  public boolean isExportable() {
    return lookupTableStart != INVALID_BLK;
  }
}
