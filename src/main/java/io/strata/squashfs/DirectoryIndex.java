package io.strata.squashfs;

import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The index of a large directory: the first name of about each metadata block of its listing. For
 * one thread at a time; goes through the entries in order.
 *
 * <p>Source: {@code struct squashfs_dir_index} of squashfs_fs.h.
 */
final class DirectoryIndex {
  private final MetadataCursor cursor;
  private final byte[] name = new byte[DirectoryCursor.SQUASHFS_NAME_LEN];
  private @Nullable DirectoryInode directory;
  private int entry;
  private int nameLength;
  private long position;
  private long block;

  DirectoryIndex(MetadataTable inodes) {
    this.cursor = inodes.cursor();
  }

  /** Sets it in front of the first entry. */
  void open(DirectoryInode of) throws IOException {
    directory = of;
    entry = 0;
    cursor.seek(of.indexReference());
  }

  /** Goes to the next entry; false if there is none. */
  boolean next() throws IOException {
    if (directory == null || entry == directory.indexEntries()) {
      return false;
    }
    position = cursor.u32();
    block = cursor.u32();
    long size = cursor.u32() + 1;
    if (size > DirectoryCursor.SQUASHFS_NAME_LEN) {
      throw corrupt("a name of " + size + " bytes");
    }
    nameLength = (int) size;
    cursor.read(name, 0, nameLength);
    entry++;
    return true;
  }

  /** Takes the place of the last entry whose name is not behind {@code sought}; false if none. */
  boolean goToName(byte[] sought) throws IOException {
    long lastPosition = -1;
    long lastBlock = 0;
    while (next() && compareName(sought, sought.length) <= 0) {
      lastPosition = position;
      lastBlock = block;
    }
    return take(lastPosition, lastBlock);
  }

  /** Takes the place of the last entry that leads not behind byte {@code wanted}; false if none. */
  boolean goToPosition(long wanted) throws IOException {
    long lastPosition = -1;
    long lastBlock = 0;
    while (next() && position <= wanted) {
      lastPosition = position;
      lastBlock = block;
    }
    return take(lastPosition, lastBlock);
  }

  private boolean take(long wanted, long wantedBlock) {
    position = wanted;
    block = wantedBlock;
    return wanted >= 0;
  }

  /** Compares the entry's name with another, as unsigned bytes. */
  int compareName(byte[] other, int length) {
    return Arrays.compareUnsigned(name, 0, nameLength, other, 0, length);
  }

  CorruptImageException corrupt(String problem) {
    return cursor.corrupt("entry " + entry + " of a directory index: " + problem);
  }

  /** Where in the listing its part begins. */
  long position() {
    return position;
  }

  /** The metadata block that it begins in, from the directory table's start. */
  long block() {
    return block;
  }
}
