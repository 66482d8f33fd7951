package io.strata.squashfs;

import java.io.IOException;
import java.util.Arrays;

/**
 * The index of a large directory: the first name of about each metadata block of its listing. For
 * one thread at a time; holds what was found last.
 *
 * <p>Source: {@code struct squashfs_dir_index} of squashfs_fs.h.
 */
final class DirectoryIndex {
  private final MetadataCursor cursor;
  private final byte[] name = new byte[DirectoryCursor.SQUASHFS_NAME_LEN];
  private int nameLength;
  private long entryPosition;
  private long entryBlock;
  private long position;
  private long block;

  DirectoryIndex(MetadataTable inodes) {
    this.cursor = inodes.cursor();
  }

  /** Finds the last part of the listing that begins with a name not behind {@code sought}. */
  boolean findName(DirectoryInode directory, byte[] sought) throws IOException {
    boolean found = false;
    cursor.seek(directory.indexReference());
    for (int i = 0; i < directory.indexEntries(); i++) {
      readEntry();
      if (Arrays.compareUnsigned(name, 0, nameLength, sought, 0, sought.length) > 0) {
        break;
      }
      take();
      found = true;
    }
    return found;
  }

  /** Finds the last part of the listing that begins not behind byte {@code wanted} of it. */
  boolean findPosition(DirectoryInode directory, long wanted) throws IOException {
    boolean found = false;
    cursor.seek(directory.indexReference());
    for (int i = 0; i < directory.indexEntries(); i++) {
      readEntry();
      if (entryPosition > wanted) {
        break;
      }
      take();
      found = true;
    }
    return found;
  }

  private void readEntry() throws IOException {
    entryPosition = cursor.u32();
    entryBlock = cursor.u32();
    long size = cursor.u32() + 1;
    if (size > DirectoryCursor.SQUASHFS_NAME_LEN) {
      throw cursor.corrupt("a name of " + size + " bytes in a directory index");
    }
    nameLength = (int) size;
    cursor.read(name, 0, nameLength);
  }

  private void take() {
    position = entryPosition;
    block = entryBlock;
  }

  /** Where in the listing the part begins. */
  long position() {
    return position;
  }

  /** The metadata block that it begins in, from the directory table's start. */
  long block() {
    return block;
  }
}
