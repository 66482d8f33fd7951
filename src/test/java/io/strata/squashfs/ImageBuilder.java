package io.strata.squashfs;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes images inode by inode, and checks nothing: references may lead anywhere, directories may
 * hold each other, files may be said to be of any size.
 */
final class ImageBuilder {
  /** Bit 24 of a size word. */
  static final int UNCOMPRESSED = 0x1000000;

  static final int DIRECTORY = 1;
  static final int FILE = 2;
  static final int SYMLINK = 3;

  private static final int SUPERBLOCK = 96;
  private static final int NONE = -1;

  /** An entry of a directory; {@code type} is one of the basic types. */
  record Entry(String name, int type, long reference, int number) {}

  /** An entry of a directory's index. */
  record IndexEntry(long position, long block, String name) {}

  final TableBytes inodes;
  final TableBytes directories;
  private final TableBytes fragments = new TableBytes(false);
  private final TableBytes exports = new TableBytes(false);
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();
  private int blockLog = 12;
  private int compression = 1;
  private int fragmentCount;
  private int inodeCount;
  private long root;

  ImageBuilder() {
    this(false);
  }

  /** A builder whose inodes and directories are compressed with zlib, or not. */
  ImageBuilder(boolean compressed) {
    inodes = new TableBytes(compressed);
    directories = new TableBytes(compressed);
  }

  ImageBuilder blockLog(int log) {
    blockLog = log;
    return this;
  }

  /** The compression by its number in the superblock; metadata is zlib's or uncompressed. */
  ImageBuilder compression(int number) {
    compression = number;
    return this;
  }

  /** Adds bytes to the data; gives their position in the image. */
  long data(byte[] bytes) {
    long position = SUPERBLOCK + data.size();
    data.writeBytes(bytes);
    return position;
  }

  /** Adds a fragment that is stored as it is. */
  int fragment(byte[] bytes) {
    long position = data(bytes);
    fragments.u64(position).u32(UNCOMPRESSED | bytes.length).u32(0);
    return fragmentCount++;
  }

  private long base(int type, int number) {
    long reference = inodes.reference();
    inodes.u16(type).u16(type == DIRECTORY ? 0755 : 0644).u16(0).u16(0);
    inodes.u32(1_000_000_000).u32(number);
    inodeCount = Math.max(inodeCount, number);
    return reference;
  }

  /** Adds a file without a fragment; gives its reference. */
  long file(int number, long start, long size, int... words) {
    long reference = base(FILE, number);
    inodes.u32(start).u32(NONE).u32(0).u32(size);
    for (int word : words) {
      inodes.u32(word);
    }
    return reference;
  }

  /** Adds a file that lies in a fragment. */
  long small(int number, int fragment, int offset, int size) {
    long reference = base(FILE, number);
    inodes.u32(0).u32(fragment).u32(offset).u32(size);
    return reference;
  }

  /** Adds an extended file; its block list is for the caller to write. */
  long extended(int number, long start, long size) {
    long reference = base(9, number);
    inodes.u64(start).u64(size).u64(size).u32(1).u32(NONE).u32(0).u32(NONE);
    return reference;
  }

  long symlink(int number, String target) {
    long reference = base(SYMLINK, number);
    inodes.u32(1).u32(target.length()).text(target);
    return reference;
  }

  /** Adds a directory that is empty so far. */
  long directory(int number, int parent) {
    long reference = base(DIRECTORY, number);
    inodes.u32(0).u32(2).u16(3).u16(0).u32(parent);
    return reference;
  }

  /** Adds an extended directory with room for an index; empty so far. */
  long indexed(int number, int parent, IndexEntry... index) {
    long reference = base(8, number);
    inodes.u32(2).u32(3).u32(0).u32(parent).u16(index.length).u16(0).u32(NONE);
    for (IndexEntry entry : index) {
      inodes.u32(entry.position()).u32(entry.block()).u32(entry.name().length() - 1);
      inodes.text(entry.name());
    }
    return reference;
  }

  /** Makes this the listing of a directory: a run for each entry, in the order given. */
  void list(long directory, Entry... entries) {
    long listing = directories.reference();
    long from = directories.length();
    for (Entry entry : entries) {
      directories.u32(0).u32(entry.reference() >>> 16).u32(entry.number());
      directories.u16((int) entry.reference()).u16(0).u16(entry.type());
      directories.u16(entry.name().length() - 1).text(entry.name());
    }
    place(directory, listing, directories.length() - from);
  }

  /** The bytes that an entry takes in a listing. */
  static int lengthOf(Entry entry) {
    return 12 + 8 + entry.name().length();
  }

  /** Says where a directory's listing lies and how long it is. */
  void place(long directory, long listing, long length) {
    long at = TableBytes.decoded(directory);
    long block = listing >>> 16;
    if (isExtended(directory)) {
      inodes.patch(at + 20, length + 3, 4);
      inodes.patch(at + 24, block, 4);
      inodes.patch(at + 34, listing & 0xffff, 2);
    } else {
      inodes.patch(at + 16, block, 4);
      inodes.patch(at + 24, length + 3, 2);
      inodes.patch(at + 26, listing & 0xffff, 2);
    }
  }

  private final List<Long> extendedDirectories = new ArrayList<>();

  private boolean isExtended(long directory) {
    return extendedDirectories.contains(directory);
  }

  /** As {@link #indexed}, and {@link #list} knows it. */
  long indexedDirectory(int number, int parent, IndexEntry... index) {
    long reference = indexed(number, parent, index);
    extendedDirectories.add(reference);
    return reference;
  }

  void root(long reference) {
    root = reference;
  }

  /** Adds an export table: the references of the inodes from number 1 on. */
  void exports(long... references) {
    for (long reference : references) {
      exports.u64(reference);
    }
  }

  byte[] build() {
    byte[] inodeTable = inodes.finish();
    byte[] directoryTable = directories.finish();
    byte[] fragmentTable = fragments.finish();
    TableBytes ids = new TableBytes(false);
    ids.u32(0);
    byte[] idTable = ids.finish();
    long inodeStart = SUPERBLOCK + data.size();
    long directoryStart = inodeStart + inodeTable.length;
    long fragmentBlocks = directoryStart + directoryTable.length;
    long fragmentIndex = fragmentBlocks + fragmentTable.length;
    int fragmentIndexLength = 8 * fragments.starts().size();
    long exportBlocks = fragmentIndex + fragmentIndexLength;
    byte[] exportTable = exports.finish();
    long exportIndex = exportBlocks + exportTable.length;
    int exportIndexLength = 8 * exports.starts().size();
    long idBlock = exportIndex + exportIndexLength;
    long idIndex = idBlock + idTable.length;
    long end = idIndex + 8;
    ByteBuffer out = ByteBuffer.allocate((int) end).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(0x73717368).putInt(inodeCount).putInt(0).putInt(1 << blockLog);
    out.putInt(fragmentCount).putShort((short) compression).putShort((short) blockLog);
    out.putShort((short) 0).putShort((short) 1).putShort((short) 4).putShort((short) 0);
    out.putLong(root).putLong(end).putLong(idIndex).putLong(NONE).putLong(inodeStart);
    out.putLong(directoryStart).putLong(fragmentCount > 0 ? fragmentIndex : NONE);
    out.putLong(exportIndexLength > 0 ? exportIndex : NONE);
    out.put(data.toByteArray()).put(inodeTable).put(directoryTable).put(fragmentTable);
    for (long start : fragments.starts()) {
      out.putLong(fragmentBlocks + start);
    }
    out.put(exportTable);
    for (long start : exports.starts()) {
      out.putLong(exportBlocks + start);
    }
    out.put(idTable).putLong(idBlock);
    return Arrays.copyOf(out.array(), out.position());
  }

  Path write(Path file) throws IOException {
    return Files.write(file, build());
  }
}
