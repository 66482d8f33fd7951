package io.strata.delta.sqdelta2;

import io.strata.delta.DeltaException;
import io.strata.delta.sqdelta2.Inode.Entry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The uncompressed directory table: bytes to the entries of inodes, and back. */
final class DirectoryTable {
  private static final int LONGEST_RUN = 256;

  /** What a directory's size has more than its listing. */
  static final int EXTRA_SIZE = 3;

  static final int HEADER_SIZE = 12;
  static final int ENTRY_SIZE = 8;

  private DirectoryTable() {}

  /**
   * Reads the listings of all directories into their inodes.
   *
   * @throws DeltaException if a listing or a reference leads nowhere
   */
  static void read(MetadataTable table, MetadataTable inodeTable, List<Inode> inodes)
      throws DeltaException {
    int[] positions = inodes.stream().mapToInt(inode -> inode.position).toArray();
    long budget = 2L * table.plain().length;
    for (Inode inode : inodes) {
      if (inode.isDirectory() && inode.size > EXTRA_SIZE) {
        long length = inode.size - EXTRA_SIZE;
        budget -= length;
        int position = table.position(inode.start, inode.offset);
        if (budget < 0 || length > table.plain().length - position) {
          throw new DeltaException("a listing of " + length + " bytes leaves the directory table");
        }
        byte[] listing = new byte[(int) length];
        System.arraycopy(table.plain(), position, listing, 0, listing.length);
        inode.entries = entries(listing, inodeTable, positions);
      }
    }
  }

  /**
   * Reads one listing.
   *
   * @param positions of all inodes in their table, in order
   */
  private static List<Entry> entries(byte[] listing, MetadataTable inodeTable, int[] positions)
      throws DeltaException {
    ByteReader in = new ByteReader("listing", listing);
    List<Entry> entries = new ArrayList<>();
    while (!in.atEnd()) {
      long count = in.u32() + 1;
      long start = in.u32();
      int number = in.i32();
      if (count > LONGEST_RUN) {
        throw new DeltaException("a directory header of " + count + " entries");
      }
      for (int i = 0; i < count; i++) {
        int child = Arrays.binarySearch(positions, inodeTable.position(start, in.u16()));
        in.u16(); // the number's difference
        in.u16(); // the type
        if (child < 0) {
          throw new DeltaException("a directory entry leads to no inode");
        }
        Entry entry = new Entry(child, in.bytes(in.u16() + 1));
        entry.head = i == 0;
        entry.headNumber = number;
        entries.add(entry);
      }
    }
    return entries;
  }

  /** The listings of all directories, in the order of their inodes. */
  static byte[] write(List<Inode> inodes, int[] inodeStarts) {
    ByteWriter out = new ByteWriter();
    for (Inode inode : inodes) {
      List<Entry> entries = inode.entries;
      int from = 0;
      while (from < entries.size()) {
        int to = from + 1;
        while (to < entries.size() && !entries.get(to).head) {
          to++;
        }
        run(entries.subList(from, to), inodes, inodeStarts, out);
        from = to;
      }
    }
    return out.toByteArray();
  }

  private static void run(List<Entry> run, List<Inode> inodes, int[] inodeStarts, ByteWriter out) {
    Entry first = run.getFirst();
    out.u32(run.size() - 1);
    out.u32(blockStart(inodes.get(first.child).position, inodeStarts));
    out.u32(first.headNumber);
    for (Entry entry : run) {
      Inode child = inodes.get(entry.child);
      out.u16(child.position % MetadataTable.METADATA_SIZE);
      out.u16(child.number - first.headNumber);
      out.u16(child.basicType());
      out.u16(entry.name.length - 1).bytes(entry.name);
    }
  }

  /** Where the metadata block starts that holds this position of its table. */
  static int blockStart(int position, int[] starts) {
    return starts[Math.min(position / MetadataTable.METADATA_SIZE, starts.length - 1)];
  }
}
