package io.strata.delta.sqdelta2;

import io.strata.delta.DeltaException;
import io.strata.delta.sqdelta2.Inode.IndexEntry;
import java.util.ArrayList;
import java.util.List;

/** The uncompressed inode table: bytes to inodes, and back. */
final class InodeTable {
  private static final int SMALLEST = 20;

  private InodeTable() {}

  /**
   * Reads all inodes of a table.
   *
   * @param count how many there must be, and nothing behind them
   */
  static List<Inode> read(byte[] table, long count, int blockSize) throws DeltaException {
    if (count > Math.min(table.length / SMALLEST, Limits.INODES)) {
      throw new DeltaException(
          count + " inodes do not fit " + table.length + " bytes, or are too many");
    }
    ByteReader in = new ByteReader("inode table", table);
    List<Inode> inodes = new ArrayList<>((int) count);
    for (long i = 0; i < count; i++) {
      inodes.add(inode(in, blockSize));
    }
    if (!in.atEnd()) {
      throw new DeltaException("the inode table goes on behind its last inode");
    }
    return inodes;
  }

  private static Inode inode(ByteReader in, int blockSize) throws DeltaException {
    Inode inode = new Inode();
    inode.position = in.position();
    inode.type = in.u16();
    if (inode.type < 1 || inode.type > 2 * Inode.EXTENDED) {
      throw new DeltaException("an inode of unknown type " + inode.type);
    }
    inode.mode = in.u16();
    inode.uid = in.u16();
    inode.gid = in.u16();
    inode.time = in.i32();
    inode.number = in.i32();
    switch (inode.basicType()) {
      case Inode.DIRECTORY -> directory(inode, in);
      case Inode.FILE -> file(inode, in, blockSize);
      default -> other(inode, in);
    }
    return inode;
  }

  private static void directory(Inode inode, ByteReader in) throws DeltaException {
    if (!inode.isExtended()) {
      inode.start = in.u32();
      inode.nlink = in.i32();
      inode.size = in.u16();
      inode.offset = in.u16();
      inode.parent = in.i32();
      return;
    }
    inode.nlink = in.i32();
    inode.size = in.u32();
    inode.start = in.u32();
    inode.parent = in.i32();
    int indexes = in.u16();
    inode.offset = in.u16();
    inode.xattr = in.i32();
    List<IndexEntry> read = new ArrayList<>();
    for (int i = 0; i < indexes; i++) {
      long place = in.u32();
      long start = in.u32();
      IndexEntry entry = new IndexEntry(in.bytes(in.u32() + 1));
      entry.place = place;
      entry.start = start;
      read.add(entry);
    }
    inode.indexes = read;
  }

  private static void file(Inode inode, ByteReader in, int blockSize) throws DeltaException {
    if (inode.isExtended()) {
      inode.start = in.i64();
      inode.size = in.i64();
      inode.sparse = in.i64();
      inode.nlink = in.i32();
      inode.fragment = in.i32();
      inode.offset = in.i32();
      inode.xattr = in.i32();
    } else {
      inode.start = in.u32();
      inode.fragment = in.i32();
      inode.offset = in.i32();
      inode.size = in.u32();
    }
    int blocks = blocks(inode.size, inode.hasFragment(), blockSize);
    ByteReader words = new ByteReader("block list", in.bytes((long) Integer.BYTES * blocks));
    inode.words = new int[blocks];
    for (int i = 0; i < inode.words.length; i++) {
      inode.words[i] = words.i32();
    }
  }

  /**
   * How many blocks the list of a file has.
   *
   * @throws DeltaException if they can't be in any table
   */
  static int blocks(long size, boolean fragment, int blockSize) throws DeltaException {
    long blocks = size / blockSize + (!fragment && size % blockSize != 0 ? 1 : 0);
    if (size < 0 || blocks > Limits.TABLE / Integer.BYTES) {
      throw new DeltaException("a file of " + Long.toUnsignedString(size) + " bytes");
    }
    return (int) blocks;
  }

  private static void other(Inode inode, ByteReader in) throws DeltaException {
    inode.nlink = in.i32();
    switch (inode.basicType()) {
      case Inode.SYMLINK -> inode.text = in.bytes(in.u32());
      case Inode.BLOCK_DEVICE, Inode.CHARACTER_DEVICE -> inode.device = in.i32();
      default -> {} // pipes and sockets have no more
    }
    if (inode.isExtended()) {
      inode.xattr = in.i32();
    }
  }

  /** The table that holds these inodes. */
  static byte[] write(List<Inode> inodes) {
    ByteWriter out = new ByteWriter();
    for (Inode inode : inodes) {
      out.u16(inode.type).u16(inode.mode).u16(inode.uid).u16(inode.gid);
      out.u32(inode.time).u32(inode.number);
      switch (inode.basicType()) {
        case Inode.DIRECTORY -> writeDirectory(inode, out);
        case Inode.FILE -> writeFile(inode, out);
        default -> writeOther(inode, out);
      }
    }
    return out.toByteArray();
  }

  private static void writeDirectory(Inode inode, ByteWriter out) {
    if (!inode.isExtended()) {
      out.u32(inode.start).u32(inode.nlink).u16((int) inode.size).u16(inode.offset);
      out.u32(inode.parent);
      return;
    }
    out.u32(inode.nlink).u32(inode.size).u32(inode.start).u32(inode.parent);
    out.u16(inode.indexes.size()).u16(inode.offset).u32(inode.xattr);
    for (IndexEntry index : inode.indexes) {
      out.u32(index.place).u32(index.start).u32(index.name.length - 1).bytes(index.name);
    }
  }

  private static void writeFile(Inode inode, ByteWriter out) {
    if (inode.isExtended()) {
      out.u64(inode.start).u64(inode.size).u64(inode.sparse).u32(inode.nlink);
      out.u32(inode.fragment).u32(inode.offset).u32(inode.xattr);
    } else {
      out.u32(inode.start).u32(inode.fragment).u32(inode.offset).u32(inode.size);
    }
    for (int word : inode.words) {
      out.u32(word);
    }
  }

  private static void writeOther(Inode inode, ByteWriter out) {
    out.u32(inode.nlink);
    switch (inode.basicType()) {
      case Inode.SYMLINK -> out.u32(inode.text.length).bytes(inode.text);
      case Inode.BLOCK_DEVICE, Inode.CHARACTER_DEVICE -> out.u32(inode.device);
      default -> {} // pipes and sockets have no more
    }
    if (inode.isExtended()) {
      out.u32(inode.xattr);
    }
  }
}
