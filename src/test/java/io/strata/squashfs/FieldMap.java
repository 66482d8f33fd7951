package io.strata.squashfs;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which field of the format each byte of an image is in, found by reading the format's description
 * and not by the reader that is tested with it. For sound images whose metadata is not compressed;
 * a metadata block that is compressed is one field.
 */
final class FieldMap {
  /**
   * A field.
   *
   * @param kind its structure and name, such as {@code file.start_block}
   * @param inode the number of the inode that it says something of, 0 if of none or many
   */
  record Field(String kind, long inode) {}

  private static final int SUPERBLOCK = 96;
  private static final String[] SUPERBLOCK_FIELDS = {
    "magic 4",
    "inodes 4",
    "mkfs_time 4",
    "block_size 4",
    "fragments 4",
    "compression 2",
    "block_log 2",
    "flags 2",
    "no_ids 2",
    "s_major 2",
    "s_minor 2",
    "root_inode 8",
    "bytes_used 8",
    "id_table_start 8",
    "xattr_id_table_start 8",
    "inode_table_start 8",
    "directory_table_start 8",
    "fragment_table_start 8",
    "lookup_table_start 8"
  };

  private final ByteBuffer image;
  private final @Nullable Field[] fields;
  private final List<long[]> directories = new ArrayList<>(); // number, block, offset, length

  private FieldMap(byte[] bytes) {
    this.image = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    this.fields = new Field[bytes.length];
  }

  static FieldMap of(byte[] bytes) {
    FieldMap map = new FieldMap(bytes);
    map.superblock();
    map.inodes();
    map.listings();
    map.indexed("fragment", map.s64(72 + 8), map.s32(16), "start_block 8", "size 4", "unused 4");
    map.exports();
    map.indexed("id", map.s64(48), map.u16(26), "value 4");
    map.xattrs();
    return map;
  }

  /** The field that the byte at {@code position} is in; null for data of files and padding. */
  @Nullable Field at(int position) {
    return fields[position];
  }

  /** Where the data ends and the tables begin. */
  int tables() {
    return (int) s64(64);
  }

  /** Where the last table ends. */
  int end() {
    return (int) s64(40);
  }

  private int u16(int at) {
    return image.getShort(at) & 0xffff;
  }

  private int s32(int at) {
    return image.getInt(at);
  }

  private long s64(int at) {
    return image.getLong(at);
  }

  private void mark(long from, long length, String kind, long inode) {
    for (long at = from; at < from + length; at++) {
      fields[(int) at] = new Field(kind, inode);
    }
  }

  private void superblock() {
    int at = 0;
    for (String field : SUPERBLOCK_FIELDS) {
      String[] parts = field.split(" ");
      int size = Integer.parseInt(parts[1]);
      mark(at, size, "superblock." + parts[0], 0);
      at += size;
    }
    if ((u16(24) & 1 << 10) != 0) {
      mark(SUPERBLOCK, 2 + (u16(SUPERBLOCK) & 0x7fff), "compressor options", 0);
    }
  }

  /** A table's decoded bytes, and where in the image each of them is. */
  private final class Table {
    private final String name;
    private final List<Integer> positions = new ArrayList<>();
    private final List<Integer> starts = new ArrayList<>(); // of blocks, decoded
    private final List<Long> offsets = new ArrayList<>(); // of blocks, stored, from the start
    private boolean compressed;
    private int at;

    Table(String name, long start, long end) {
      this.name = name;
      for (long block = start; block < end; ) {
        block = add(start, block);
      }
    }

    private long add(long start, long block) {
      int header = u16((int) block);
      int size = header & 0x7fff;
      mark(block, 2, name + " block header", 0);
      starts.add(positions.size());
      offsets.add(block - start);
      if ((header & 0x8000) == 0) {
        compressed = true;
        mark(block + 2, size, name + " compressed", 0);
      }
      for (int i = 0; i < size; i++) {
        positions.add((int) block + 2 + i);
      }
      return block + 2 + size;
    }

    void seek(long blockOffset, long offset) {
      at = starts.get(offsets.indexOf(blockOffset)) + (int) offset;
    }

    boolean more() {
      return at < positions.size();
    }

    /** Takes the next bytes, little-endian, as a field. */
    long take(String kind, long inode, int size) {
      long value = 0;
      for (int i = 0; i < size; i++) {
        int position = positions.get(at++);
        mark(position, 1, kind, inode);
        if (i < Long.BYTES) {
          value |= (image.get(position) & 0xffL) << (8 * i);
        }
      }
      return value;
    }

    /** Marks what was taken as another inode's. */
    void assign(int from, long inode) {
      for (int i = from; i < at; i++) {
        Field field = fields[positions.get(i)];
        mark(positions.get(i), 1, field == null ? "" : field.kind(), inode);
      }
    }
  }

  private void inodes() {
    Table table = new Table("inode table", s64(64), s64(72));
    while (table.more() && !table.compressed) {
      inode(table);
    }
  }

  private void inode(Table table) {
    int from = table.at;
    int type = (int) table.take("inode.type", 0, 2);
    table.take("inode.mode", 0, 2);
    table.take("inode.uid", 0, 2);
    table.take("inode.gid", 0, 2);
    table.take("inode.mtime", 0, 4);
    long number = table.take("inode.number", 0, 4);
    switch (type) {
      case 1 -> directory(table, number);
      case 8 -> extendedDirectory(table, number);
      case 2, 9 -> file(table, type == 9);
      case 3, 10 -> symlink(table, type == 10);
      default -> {
        table.take("inode.nlink", 0, 4);
        if (type == 4 || type == 5 || type == 11 || type == 12) {
          table.take("device.rdev", 0, 4);
        }
        if (type > 7) {
          table.take("inode.xattr", 0, 4);
        }
      }
    }
    table.assign(from, number);
  }

  private void directory(Table table, long number) {
    long block = table.take("directory.start_block", 0, 4);
    table.take("inode.nlink", 0, 4);
    long size = table.take("directory.file_size", 0, 2);
    long offset = table.take("directory.offset", 0, 2);
    table.take("directory.parent_inode", 0, 4);
    directories.add(new long[] {number, block, offset, size - 3});
  }

  private void extendedDirectory(Table table, long number) {
    table.take("inode.nlink", 0, 4);
    long size = table.take("directory.file_size", 0, 4);
    long block = table.take("directory.start_block", 0, 4);
    table.take("directory.parent_inode", 0, 4);
    long entries = table.take("directory.i_count", 0, 2);
    long offset = table.take("directory.offset", 0, 2);
    table.take("inode.xattr", 0, 4);
    for (long i = 0; i < entries; i++) {
      table.take("index.index", 0, 4);
      table.take("index.start_block", 0, 4);
      int length = (int) table.take("index.size", 0, 4) + 1;
      table.take("index.name", 0, length);
    }
    directories.add(new long[] {number, block, offset, size - 3});
  }

  private void file(Table table, boolean extended) {
    int wide = extended ? 8 : 4;
    table.take("file.start_block", 0, wide);
    long size;
    long fragment;
    if (extended) {
      size = table.take("file.file_size", 0, 8);
      table.take("file.sparse", 0, 8);
      table.take("inode.nlink", 0, 4);
      fragment = table.take("file.fragment", 0, 4);
      table.take("file.offset", 0, 4);
      table.take("inode.xattr", 0, 4);
    } else {
      fragment = table.take("file.fragment", 0, 4);
      table.take("file.offset", 0, 4);
      size = table.take("file.file_size", 0, 4);
    }
    long blockSize = s32(12);
    boolean tail = fragment == 0xffffffffL && size % blockSize != 0;
    for (long i = size / blockSize + (tail ? 1 : 0); i > 0; i--) {
      table.take("file.block_list", 0, 4);
    }
  }

  private void symlink(Table table, boolean extended) {
    table.take("inode.nlink", 0, 4);
    int size = (int) table.take("symlink.symlink_size", 0, 4);
    table.take("symlink.symlink", 0, size);
    if (extended) {
      table.take("inode.xattr", 0, 4);
    }
  }

  private void listings() {
    long end = s32(16) == 0 ? firstBlock(s64(88), s64(48)) : firstBlock(s64(80), s64(48));
    Table table = new Table("directory table", s64(72), end);
    for (long[] directory : directories) {
      if (directory[3] > 0) {
        table.seek(directory[1], directory[2]);
        listing(table, directory[0], table.at + directory[3]);
      }
    }
  }

  /** Where the first block of a table with an index lies; of the second if there is no first. */
  private long firstBlock(long index, long otherIndex) {
    return s64((int) (index == -1 ? otherIndex : index));
  }

  private static void listing(Table table, long directory, long end) {
    while (table.at < end) {
      long count = table.take("header.count", directory, 4) + 1;
      table.take("header.start_block", directory, 4);
      table.take("header.inode_number", directory, 4);
      for (long i = 0; i < count; i++) {
        table.take("entry.offset", directory, 2);
        table.take("entry.inode_number", directory, 2);
        table.take("entry.type", directory, 2);
        int size = (int) table.take("entry.size", directory, 2) + 1;
        table.take("entry.name", directory, size);
      }
    }
  }

  private void indexed(String name, long index, long count, String... entryFields) {
    int entrySize = 0;
    for (String field : entryFields) {
      entrySize += Integer.parseInt(field.split(" ")[1]);
    }
    long blocks = (count * entrySize + 8191) / 8192;
    for (long i = 0; i < blocks; i++) {
      int at = (int) (index + 8 * i);
      mark(at, 8, name + ".table_index", 0);
      long start = s64(at);
      Table table = new Table(name + " table", start, start + 2 + (u16((int) start) & 0x7fff));
      while (table.more() && !table.compressed) {
        for (String field : entryFields) {
          String[] parts = field.split(" ");
          table.take(name + "." + parts[0], 0, Integer.parseInt(parts[1]));
        }
      }
    }
  }

  private void exports() {
    if (s64(88) != -1) {
      indexed("export", s64(88), s32(4), "reference 8");
    }
  }

  private void xattrs() {
    int start = (int) s64(56);
    if (start == -1) {
      return;
    }
    mark(start, 8, "xattr_table.start", 0);
    mark(start + 8, 4, "xattr_table.ids", 0);
    mark(start + 12, 4, "xattr_table.unused", 0);
    int count = s32(start + 8);
    indexed("xattr_id", start + 16, count, "xattr 8", "count 4", "size 4");
    long ids = s64(start + 16);
    Table values = new Table("xattr value table", s64(start), ids);
    for (int i = 0; i < count && !values.compressed; i++) {
      int id = (int) ids + 2 + 16 * i;
      values.seek(s64(id) >>> 16, s64(id) & 0xffff);
      for (int left = s32(id + 8); left > 0; left--) {
        attribute(values);
      }
    }
    while (values.more() && !values.compressed) { // values that only references lead to
      int length = (int) values.take("xattr.value_size", 0, 4);
      values.take("xattr.value", 0, length);
    }
  }

  private static void attribute(Table values) {
    values.take("xattr.type", 0, 2);
    int name = (int) values.take("xattr.name_size", 0, 2);
    values.take("xattr.name", 0, name);
    int size = (int) values.take("xattr.value_size", 0, 4);
    values.take("xattr.value", 0, size);
  }
}
