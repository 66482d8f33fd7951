package io.strata.squashfs;

import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

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
  private final SoundIndexes sound;
  private @Nullable DirectoryInode directory;
  private byte[] name = new byte[SQUASHFS_NAME_LEN];
  private byte[] nameBefore = new byte[SQUASHFS_NAME_LEN];
  private long length;
  private long at;
  private long runStart;
  private int runCount;
  private int runIndex;
  private long runBlock;
  private long runInode;
  private int nameLength; // 0 in front of the first entry
  private long reference;
  private long inodeNumber;
  private int type;

  DirectoryCursor(MetadataTable directories, MetadataTable inodes, SoundIndexes sound) {
    this.cursor = directories.cursor();
    this.index = new DirectoryIndex(inodes);
    this.sound = sound;
  }

  /**
   * Sets it in front of the entry that {@code cookie} stands for.
   *
   * @param cookie 0 for the first entry, or what {@link #cookie} gave for this directory; behind
   *     one that is of no entry is nothing
   * @return this
   * @throws CorruptImageException if the image is damaged
   */
  public DirectoryCursor open(DirectoryInode directory, long cookie) throws IOException {
    start(directory);
    long run = cookie >>> 8;
    if (run < length) {
      skipTo(directory, run);
    } else {
      end();
    }
    for (int skipped = (int) (cookie & 0xff); skipped > 0; skipped--) {
      next();
    }
    return this;
  }

  /** Finds a name; gives whether it is there, and stands on its entry then. */
  boolean find(DirectoryInode directory, byte[] sought) throws IOException {
    openNear(directory, sought);
    int order = -1;
    while (order < 0 && next()) {
      order = Arrays.compareUnsigned(name, 0, nameLength, sought, 0, sought.length);
    }
    return order == 0;
  }

  private void openNear(DirectoryInode directory, byte[] sought) throws IOException {
    start(directory);
    if (hasIndex(directory)) {
      index.open(directory);
      if (index.goToName(sought)) {
        jump(directory);
      }
    }
  }

  private void start(DirectoryInode directory) throws IOException {
    this.directory = directory;
    length = directory.listingLength();
    at = 0;
    runCount = 0;
    runIndex = 0;
    nameLength = 0;
    if (length > 0) {
      cursor.seek(directory.listingBlock(), directory.listingOffset());
    }
  }

  private void skipTo(DirectoryInode directory, long position) throws IOException {
    if (position > 0 && hasIndex(directory)) {
      index.open(directory);
      if (index.goToPosition(position)) {
        jump(directory);
      }
    }
    while (at < position || runIndex < runCount) {
      next();
    }
    if (at != position) {
      end();
    }
  }

  private void end() {
    at = length;
    runCount = 0;
    runIndex = 0;
  }

  /**
   * Whether there is an index of use; it is sound then: where it leads, reading from the start
   * would. One that is not is done without, as it only makes things quicker.
   */
  private boolean hasIndex(DirectoryInode directory) throws IOException {
    if (length == 0 || directory.indexEntries() == 0) {
      return false;
    }
    if (sound.contains(directory)) {
      return true;
    }
    boolean isSound = true;
    try {
      checkIndex(directory);
      sound.add(directory);
    } catch (CorruptImageException e) {
      isSound = false; // if it is the listing that is damaged, that is met again
    }
    start(directory);
    return isSound;
  }

  /**
   * Checks the directory's index.
   *
   * @throws CorruptImageException if it is not sound
   */
  void verifyIndex(DirectoryInode directory) throws IOException {
    start(directory);
    if (length > 0) {
      checkIndex(directory);
    }
  }

  /** Reads the listing up to where the last index entry leads, and the index beside it. */
  private void checkIndex(DirectoryInode directory) throws IOException {
    if (directory.indexEntries() == 0) {
      return;
    }
    index.open(directory);
    while (index.next()) {
      while (at < Math.min(index.position(), length) || runIndex < runCount) {
        next();
      }
      if (at != index.position() || at >= length) {
        throw index.corrupt("it leads to byte " + index.position() + ", where no run begins");
      }
      if (cursor.referenceOfNext() != referenceOfIndexed(directory)) {
        throw index.corrupt(
            "it leads to block " + index.block() + " of the table, not to byte " + at);
      }
      if (nameLength > 0 && index.compareName(name, nameLength) <= 0) {
        throw index.corrupt("its name is not behind the names before that place");
      }
      next();
      if (index.compareName(name, nameLength) > 0) {
        throw index.corrupt("its name is behind the first name there");
      }
    }
  }

  private long referenceOfIndexed(DirectoryInode directory) {
    long offset = index.position() + directory.listingOffset();
    return index.block() << 16 | offset % MetadataBlock.SQUASHFS_METADATA_SIZE;
  }

  private void jump(DirectoryInode directory) throws IOException {
    cursor.seek(referenceOfIndexed(directory));
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
    byte[] before = name;
    int lengthBefore = nameLength;
    name = nameBefore;
    nameBefore = before;
    cursor.read(name, 0, size);
    advance(ENTRY_SIZE + (long) size);
    nameLength = size;
    checkName();
    if (Arrays.compareUnsigned(before, 0, lengthBefore, name, 0, size) >= 0) {
      throw cursor.corrupt("a name that is not behind the one before it");
    }
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

  /** That something is wrong with the entry. */
  CorruptImageException corrupt(String problem) {
    return cursor.corrupt(problem);
  }

  /** The directory that it goes through. */
  DirectoryInode directory() {
    return Objects.requireNonNull(directory);
  }

  /** Holds the entry's name from its start, until the next entry; the rest is left over. */
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
