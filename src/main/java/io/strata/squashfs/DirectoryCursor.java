package io.strata.squashfs;

import java.io.IOException;
import java.util.Arrays;

/**
 * Goes through the entries of a directory, in the order of their names. For one thread at a time;
 * it can be set anew with {@link #open} any number of times, and makes no object per entry.
 *
 * <p>What it gives describes the entry that {@link #next} went to last.
 */
public final class DirectoryCursor {
  /** {@code SQUASHFS_NAME_LEN}: the longest name of the format, in bytes. */
  public static final int SQUASHFS_NAME_LEN = 256;

  private static final int SQUASHFS_DIR_COUNT = 256;
  private static final int HEADER_SIZE = 12;
  private static final int ENTRY_SIZE = 8;

  private final MetadataCursor cursor;
  private final DirectoryIndex index;
  private final byte[] name = new byte[SQUASHFS_NAME_LEN];
  private long length;
  private long at;
  private long runStart;
  private int runCount;
  private int runIndex;
  private long runBlock;
  private long runInode;
  private int nameLength;
  private long reference;
  private long inodeNumber;
  private int type;

  DirectoryCursor(MetadataTable directories, MetadataTable inodes) {
    this.cursor = directories.cursor();
    this.index = new DirectoryIndex(inodes);
  }

  /**
   * Sets it in front of the entry that {@code cookie} stands for.
   *
   * @param cookie 0 for the first entry, or what {@link #cookie} gave for this directory
   * @return this
   * @throws CorruptImageException if the cookie is of no entry, or the image damaged
   */
  public DirectoryCursor open(DirectoryInode directory, long cookie) throws IOException {
    start(directory);
    long run = cookie >>> 8;
    if (run >= length) {
      at = length;
      return this;
    }
    if (run > 0) {
      skipTo(directory, run);
    }
    for (int skipped = (int) (cookie & 0xff); skipped > 0; skipped--) {
      next();
    }
    return this;
  }

  /** Sets it in front of the part of the listing that may hold {@code sought}. */
  void openNear(DirectoryInode directory, byte[] sought) throws IOException {
    start(directory);
    if (length > 0 && directory.indexEntries() > 0 && index.findName(directory, sought)) {
      jump(directory);
    }
  }

  private void start(DirectoryInode directory) throws IOException {
    length = directory.listingLength();
    at = 0;
    runCount = 0;
    runIndex = 0;
    if (length > 0) {
      cursor.seek(directory.listingBlock(), directory.listingOffset());
    }
  }

  private void skipTo(DirectoryInode directory, long position) throws IOException {
    if (directory.indexEntries() > 0 && index.findPosition(directory, position)) {
      jump(directory);
    }
    cursor.skip(position - at);
    at = position;
  }

  private void jump(DirectoryInode directory) throws IOException {
    if (index.position() >= length) {
      throw cursor.corrupt("a directory index entry beyond the listing");
    }
    long offset = index.position() + directory.listingOffset();
    cursor.seek(index.block(), (int) (offset % MetadataBlock.SQUASHFS_METADATA_SIZE));
    at = index.position();
  }

  /**
   * Goes to the next entry.
   *
   * @return false at the end of the directory
   * @throws CorruptImageException if the entry is damaged; there is no way to those behind it
   */
  public boolean next() throws IOException {
    if (runIndex == runCount) {
      if (at >= length) {
        return false;
      }
      readRun();
    }
    readEntry();
    runIndex++;
    return true;
  }

  private void readRun() throws IOException {
    runStart = at;
    runIndex = 0;
    runCount = 0;
    long count = cursor.u32() + 1;
    if (count > SQUASHFS_DIR_COUNT) {
      throw cursor.corrupt("a run of " + count + " directory entries");
    }
    runBlock = cursor.u32();
    runInode = cursor.u32();
    advance(HEADER_SIZE);
    runCount = (int) count;
  }

  private void readEntry() throws IOException {
    int offset = cursor.u16();
    int difference = (short) cursor.u16();
    int entryType = cursor.u16();
    int size = cursor.u16() + 1;
    if (size > SQUASHFS_NAME_LEN) {
      throw cursor.corrupt("a name of " + size + " bytes");
    }
    if (!InodeType.isBasic(entryType)) {
      throw cursor.corrupt("a directory entry of type " + entryType);
    }
    cursor.read(name, 0, size);
    advance(ENTRY_SIZE + (long) size);
    nameLength = size;
    checkName();
    reference = runBlock << 16 | offset;
    inodeNumber = runInode + difference & 0xffffffffL;
    type = InodeType.modeOf(entryType);
  }

  private void advance(long bytes) throws IOException {
    at += bytes;
    if (at > length) {
      throw cursor.corrupt("a directory entry reaches beyond the listing of " + length + " bytes");
    }
  }

  private void checkName() throws IOException {
    for (int i = 0; i < nameLength; i++) {
      if (name[i] == 0 || name[i] == '/') {
        throw cursor.corrupt("a name with a slash or NUL in it");
      }
    }
    if (name[0] == '.' && (nameLength == 1 || (nameLength == 2 && name[1] == '.'))) {
      throw cursor.corrupt("an entry for \".\" or \"..\"");
    }
  }

  /** Compares the entry's name with {@code other}, as unsigned bytes. */
  int compareName(byte[] other) {
    return Arrays.compareUnsigned(name, 0, nameLength, other, 0, other.length);
  }

  /** Holds the entry's name from its start; the rest is left over from others. */
  public byte[] nameBytes() {
    return name;
  }

  /** The bytes of the entry's name, 1 to 256. */
  public int nameLength() {
    return nameLength;
  }

  /** The reference of the entry's inode. */
  public long reference() {
    return reference;
  }

  /** The number of the entry's inode. */
  public long inodeNumber() {
    return inodeNumber;
  }

  /** The {@code S_IF...} bits of the entry's type. */
  public int type() {
    return type;
  }

  /** What resumes behind this entry: never 0, below 2^41, always the same for an entry. */
  public long cookie() {
    return runIndex == runCount ? at << 8 : runStart << 8 | runIndex;
  }
}
