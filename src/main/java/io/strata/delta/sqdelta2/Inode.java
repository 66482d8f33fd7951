package io.strata.delta.sqdelta2;

import java.util.List;

/**
 * One inode with its fields as they stand in the table; those that its type does not have are 0.
 *
 * <p>Filled field by field while a delta is decoded, and not changed afterwards. Source: {@code
 * union squashfs_inode} of the kernel's squashfs_fs.h.
 */
final class Inode {
  static final int DIRECTORY = 1;
  static final int FILE = 2;
  static final int SYMLINK = 3;
  static final int BLOCK_DEVICE = 4;
  static final int CHARACTER_DEVICE = 5;
  static final int FIFO = 6;
  static final int SOCKET = 7;

  /** What the types of extended inodes have more than those of basic ones. */
  static final int EXTENDED = 7;

  /** In {@link #fragment}: there is none. */
  static final int NO_FRAGMENT = -1;

  /** In {@link #xattr}: there are none. */
  static final int NO_XATTR = -1;

  private static final int[] NO_WORDS = {};
  private static final byte[] NO_TEXT = {};

  int type;
  int mode;
  int uid;
  int gid;
  int time;
  int number;
  int nlink;
  int xattr = NO_XATTR;
  int device;

  /** Of a file; of a directory's listing, and 3. */
  long size;

  /** Of a file's first block in the image; of a directory's first block in its table. */
  long start;

  int fragment;

  /** In the fragment, or in the metadata block. */
  int offset;

  long sparse;
  int parent;

  /** The size words of a file's blocks. */
  int[] words = NO_WORDS;

  /** The target of a symbolic link. */
  byte[] text = NO_TEXT;

  List<Entry> entries = List.of();
  List<IndexEntry> indexes = List.of();

  /** Where it is in the uncompressed table, in bytes. */
  int position;

  /** One entry of a directory. */
  static final class Entry {
    /** The number of its inode's record in the table, from 0. */
    final int child;

    final byte[] name;

    /** Whether a header stands before it, and the inode number in that. */
    boolean head;

    int headNumber;

    Entry(int child, byte[] name) {
      this.child = child;
      this.name = name;
    }
  }

  /** One entry of a directory's index. */
  static final class IndexEntry {
    final byte[] name;

    /** In the listing, in bytes. */
    long place;

    /** Of the metadata block in the directory table. */
    long start;

    IndexEntry(byte[] name) {
      this.name = name;
    }
  }

  boolean isExtended() {
    return type > EXTENDED;
  }

  /** The type without what extends it, 1 to 7. */
  int basicType() {
    return isExtended() ? type - EXTENDED : type;
  }

  boolean isDirectory() {
    return basicType() == DIRECTORY;
  }

  boolean hasFragment() {
    return basicType() == FILE && fragment != NO_FRAGMENT;
  }

  /** How many blocks of {@link #words} are holes. */
  int holes() {
    int holes = 0;
    for (int word : words) {
      holes += word == 0 ? 1 : 0;
    }
    return holes;
  }

  /** How many bytes it takes in the table. */
  int length() {
    return 16
        + switch (basicType()) {
          case DIRECTORY -> isExtended() ? 24 + indexLength() : 16;
          case FILE -> (isExtended() ? 40 : 16) + Integer.BYTES * words.length;
          case SYMLINK -> (isExtended() ? 12 : 8) + text.length;
          case BLOCK_DEVICE, CHARACTER_DEVICE -> isExtended() ? 12 : 8;
          default -> isExtended() ? 8 : 4;
        };
  }

  private int indexLength() {
    int length = 0;
    for (IndexEntry index : indexes) {
      length += 12 + index.name.length;
    }
    return length;
  }
}
