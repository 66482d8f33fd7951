package io.strata.squashfs;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A small image, written field by field and nowhere compressed, so that a test can change any field
 * by its name. It holds:
 *
 * <pre>
 * /big   4101 bytes: one block of 'A', and "tail!" in the fragment
 * /dev   character device 1:3
 * /ext   an extended inode: "hello" in the fragment, xattrs user.a = v, security.b = ool
 * /fifo
 * /link  -> big
 * /sub   an empty directory
 * </pre>
 */
public final class HandMadeImage {
  /** What the inode and directory tables are made of; the files are the same. */
  public enum Layout {
    /** Basic inodes, but for the root and {@code ext}. */
    BASIC,
    /** Extended inodes only, though most have no need of it. */
    EXTENDED,
    /** Each inode in a metadata block of its own, and each directory entry in one and in a run. */
    SCATTERED
  }

  private static final int UNCOMPRESSED_METADATA = 0x8000;
  private static final int UNCOMPRESSED_DATA = 0x1000000;
  private static final int FIRST_MOVED = 96 + 4096; // superblock, data block

  private final ByteBuffer out = ByteBuffer.allocate(16384).order(ByteOrder.LITTLE_ENDIAN);
  private final Map<String, Integer> fields = new HashMap<>();
  private final Map<String, Long> references = new HashMap<>();
  private final Layout layout;
  private int tableStart;
  private int blockStart;

  public HandMadeImage() {
    this(Layout.BASIC);
  }

  public HandMadeImage(Layout layout) {
    this.layout = layout;
    superblock();
    data();
    int inodes = out.position();
    inodes();
    int directories = out.position();
    directories();
    int fragments = fragments();
    int exports = exports();
    int ids = ids();
    int xattrs = xattrs();
    int end = out.position();
    set("sb.inode_table", inodes, 8);
    set("sb.directory_table", directories, 8);
    set("sb.fragment_table", fragments, 8);
    set("sb.lookup_table", exports, 8);
    set("sb.id_table", ids, 8);
    set("sb.xattr_table", xattrs, 8);
    set("sb.bytes_used", end, 8);
    out.limit(end);
  }

  private void superblock() {
    u32("sb.magic", 0x73717368);
    u32("sb.inodes", 7);
    u32("sb.mkfs_time", 1_000_000_000);
    u32("sb.block_size", 4096);
    u32("sb.fragments", 1);
    u16("sb.compression", 1); // gzip, which nothing here uses
    u16("sb.block_log", 12);
    u16("sb.flags", 0x8b); // inodes, data, fragments uncompressed; exportable
    u16("sb.no_ids", 2);
    u16("sb.s_major", 4);
    u16("sb.s_minor", 0);
    u64("sb.root_inode", 0);
    u64("sb.bytes_used", 0);
    u64("sb.id_table", 0);
    u64("sb.xattr_table", 0);
    u64("sb.inode_table", 0);
    u64("sb.directory_table", 0);
    u64("sb.fragment_table", 0);
    u64("sb.lookup_table", 0);
  }

  private void data() {
    byte[] block = new byte[4096];
    Arrays.fill(block, (byte) 'A');
    out.put(block); // at 96
    text("tail!hello"); // at 4192
  }

  private void inodes() {
    tableStart = out.position();
    beginBlock("inodes.header");
    boolean extended = layout == Layout.EXTENDED;
    base("big", extended ? 9 : 2, 0644, 2, 1);
    if (extended) {
      u64("big.start_block", 96);
      u64("big.file_size", 4101);
      u64("big.sparse", 0);
      u32("big.nlink", 1);
      u32("big.fragment", 0);
      u32("big.offset", 0);
      noXattrs("big");
    } else {
      u32("big.start_block", 96);
      u32("big.fragment", 0);
      u32("big.offset", 0);
      u32("big.file_size", 4101);
    }
    u32("big.block_list", UNCOMPRESSED_DATA | 4096);
    base("link", extended ? 10 : 3, 0777, 3, 0);
    u32("link.nlink", 1);
    u32("link.symlink_size", 3);
    field("link.symlink");
    text("big");
    noXattrs("link");
    base("ext", 9, 0600, 4, 0);
    u64("ext.start_block", 96);
    u64("ext.file_size", 5);
    u64("ext.sparse", 0);
    u32("ext.nlink", 1);
    u32("ext.fragment", 0);
    u32("ext.offset", 5);
    u32("ext.xattr", 0);
    base("dev", extended ? 12 : 5, 0666, 5, 0);
    u32("dev.nlink", 1);
    u32("dev.rdev", 0x103);
    noXattrs("dev");
    base("fifo", extended ? 13 : 6, 0622, 6, 0);
    u32("fifo.nlink", 1);
    noXattrs("fifo");
    base("sub", extended ? 8 : 1, 0755, 7, 0);
    if (extended) {
      u32("sub.nlink", 2);
      u32("sub.file_size", 3);
      u32("sub.start_block", 0);
      u32("sub.parent_inode", 1);
      u16("sub.i_count", 0);
      u16("sub.offset", 0);
      noXattrs("sub");
    } else {
      u32("sub.start_block", 0);
      u32("sub.nlink", 2);
      u16("sub.file_size", 3);
      u16("sub.offset", 0);
      u32("sub.parent_inode", 1);
    }
    base("root", 8, 0755, 1, 0);
    set("sb.root_inode", Objects.requireNonNull(references.get("root")), 8);
    u32("root.nlink", 3);
    u32("root.file_size", 0);
    u32("root.start_block", 0);
    u32("root.parent_inode", 8);
    u16("root.i_count", 0);
    u16("root.offset", 0);
    u32("root.xattr", 0xffffffff);
    endBlock("inodes.header");
  }

  private void noXattrs(String name) {
    if (layout == Layout.EXTENDED) {
      u32(name + ".xattr", 0xffffffff);
    }
  }

  private void base(String name, int type, int mode, int number, int uid) {
    nextPart("inodes.header");
    references.put(name, (long) (blockStart - 2 - tableStart) << 16 | inBlock());
    u16(name + ".type", type);
    u16(name + ".mode", mode);
    u16(name + ".uid", uid);
    u16(name + ".gid", 0);
    u32(name + ".mtime", 1_000_000_000 + number);
    u32(name + ".inode_number", number);
  }

  /** Begins a new metadata block if the layout wants that. */
  private void nextPart(String header) {
    if (layout == Layout.SCATTERED && inBlock() > 0) {
      endBlock(header);
      beginBlock(header);
    }
  }

  private void directories() {
    beginBlock("directories.header");
    int listed = 0;
    if (layout != Layout.SCATTERED) {
      run(6, 0);
      listed += 12;
    }
    listed += entry("big", 2, 2);
    listed += entry("dev", 5, 5);
    listed += entry("ext", 2, 4);
    listed += entry("fifo", 6, 6);
    listed += entry("link", 3, 3);
    listed += entry("sub", 1, 7);
    set("root.file_size", listed + 3, 4);
    endBlock("directories.header");
  }

  private void run(int count, int startBlock) {
    u32("dir.count", count - 1);
    u32("dir.start_block", startBlock);
    u32("dir.inode_number", 1);
  }

  /** Gives the bytes that it takes. */
  private int entry(String name, int type, int number) {
    long reference = Objects.requireNonNull(references.get(name));
    nextPart("directories.header");
    if (layout == Layout.SCATTERED) {
      run(1, (int) (reference >>> 16));
    }
    u16("entry." + name + ".offset", (int) (reference & 0xffff));
    u16("entry." + name + ".inode_number", number - 1);
    u16("entry." + name + ".type", type);
    u16("entry." + name + ".size", name.length() - 1);
    field("entry." + name + ".name");
    text(name);
    return (layout == Layout.SCATTERED ? 12 : 0) + 8 + name.length();
  }

  private int fragments() {
    int block = beginBlock("fragments.header");
    u64("fragment.start_block", 4192);
    u32("fragment.size", UNCOMPRESSED_DATA | 10);
    u32("fragment.unused", 0);
    endBlock("fragments.header");
    return index("fragments.index", block);
  }

  private int exports() {
    int block = beginBlock("exports.header");
    for (String name : new String[] {"root", "big", "link", "ext", "dev", "fifo", "sub"}) {
      u64("export." + name, Objects.requireNonNull(references.get(name)));
    }
    endBlock("exports.header");
    return index("exports.index", block);
  }

  private int ids() {
    int block = beginBlock("ids.header");
    u32("id.0", 0);
    u32("id.1", 1000);
    endBlock("ids.header");
    return index("ids.index", block);
  }

  private int xattrs() {
    int values = beginBlock("xattrs.header");
    u16("a.type", 0); // SQUASHFS_XATTR_USER
    u16("a.size", 1);
    text("a");
    u32("a.vsize", 1);
    text("v");
    u16("b.type", 0x102); // SQUASHFS_XATTR_SECURITY, value out of line
    u16("b.size", 1);
    text("b");
    u32("b.vsize", 8);
    u64("b.value", 10 + 17); // behind both entries
    u32("ool.vsize", 3);
    text("ool");
    endBlock("xattrs.header");
    int idBlock = beginBlock("xattr_ids.header");
    u64("xattr_id.xattr", 0);
    u32("xattr_id.count", 2);
    u32("xattr_id.size", 20);
    endBlock("xattr_ids.header");
    int start = out.position();
    u64("xattr_table.start", values);
    u32("xattr_table.ids", 1);
    u32("xattr_table.unused", 0);
    u64("xattr_table.index", idBlock);
    return start;
  }

  private int index(String name, long block) {
    int start = out.position();
    u64(name, block);
    return start;
  }

  private int beginBlock(String name) {
    int start = out.position();
    u16(name, 0);
    blockStart = out.position();
    return start;
  }

  private int inBlock() {
    return out.position() - blockStart;
  }

  private void endBlock(String name) {
    set(name, UNCOMPRESSED_METADATA | inBlock(), 2);
  }

  private void field(String name) {
    fields.put(name, out.position());
  }

  private void u16(String name, int value) {
    field(name);
    out.putShort((short) value);
  }

  private void u32(String name, int value) {
    field(name);
    out.putInt(value);
  }

  private void u64(String name, long value) {
    field(name);
    out.putLong(value);
  }

  private void text(String text) {
    out.put(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Overwrites a field of {@code size} bytes. */
  public HandMadeImage set(String name, long value, int size) {
    int at = at(name);
    for (int i = 0; i < size; i++) {
      out.put(at + i, (byte) (value >>> (8 * i)));
    }
    return this;
  }

  /** Where a field lies in the image. */
  public int at(String name) {
    return Objects.requireNonNull(fields.get(name), name);
  }

  int size() {
    return out.limit();
  }

  byte[] bytes() {
    return Arrays.copyOf(out.array(), out.limit());
  }

  /** Says that all behind the first data block lies {@code distance} bytes further behind. */
  private void move(long distance) {
    String[] positions = {
      "sb.bytes_used",
      "sb.id_table",
      "sb.xattr_table",
      "sb.inode_table",
      "sb.directory_table",
      "sb.fragment_table",
      "sb.lookup_table",
      "fragment.start_block",
      "fragments.index",
      "exports.index",
      "ids.index",
      "xattr_table.start",
      "xattr_table.index"
    };
    for (String position : positions) {
      set(position, out.getLong(at(position)) + distance, 8);
    }
  }

  /** Writes the image with fragment and tables {@code distance} bytes further behind. */
  Path writeFar(Path file, long distance) throws IOException {
    move(distance);
    byte[] bytes = bytes();
    try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
      content.write(bytes, 0, FIRST_MOVED);
      content.seek(FIRST_MOVED + distance);
      content.write(bytes, FIRST_MOVED, bytes.length - FIRST_MOVED);
      content.setLength((content.length() + 4095) & -4096); // loop devices want that
    }
    return file;
  }

  public Path write(Path file) throws IOException {
    return Files.write(file, bytes());
  }
}
