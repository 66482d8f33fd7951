package io.strata.delta.sqdelta2;

import static io.strata.delta.sqdelta2.InodeModel.U32;

import io.strata.delta.DeltaException;
import io.strata.delta.sqdelta2.Inode.Entry;
import io.strata.delta.sqdelta2.Inode.IndexEntry;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Codes the headers in listings, where listings are, and what directories know of each other. */
final class PlaceWalk {
  private static final int LONGEST_RUN = 256;

  private final Residuals values;
  private final Shape shape;
  private final List<Inode> now;
  private final int[] parents;
  private long position;

  PlaceWalk(Residuals values, Shape shape, List<Inode> now) {
    this.values = values;
    this.shape = shape;
    this.now = now;
    this.parents = parents(now);
  }

  /** The numbers of the directories that each inode is in; for the root one more than inodes. */
  private static int[] parents(List<Inode> now) {
    int[] parents = new int[now.size()];
    Arrays.fill(parents, now.size() + 1);
    for (Inode inode : now) {
      for (Entry entry : inode.entries) {
        parents[entry.child] = inode.number;
      }
    }
    return parents;
  }

  void run() throws DeltaException {
    for (int i = 0; i < now.size(); i++) {
      if (now.get(i).isDirectory()) {
        directory(now.get(i), parents[i]);
      }
    }
    if (position != shape.directoryLength()) {
      throw new DeltaException(
          "the listings take " + position + " bytes of a table of " + shape.directoryLength());
    }
  }

  private void directory(Inode inode, int parent) throws DeltaException {
    long start = blockStart(position);
    Map<Integer, Integer> heads = new HashMap<>();
    int length = listing(inode.entries, heads);
    inode.start = values.number(Column.DIRECTORY_START, start, inode.start, U32);
    int offset = (int) (position % MetadataTable.METADATA_SIZE);
    inode.offset = (int) values.number(Column.DIRECTORY_OFFSET, offset, inode.offset, 0xffff);
    long most = inode.isExtended() ? U32 : 0xffff;
    long size = (long) length + DirectoryTable.EXTRA_SIZE;
    inode.size = values.number(Column.DIRECTORY_SIZE, size, inode.size, most);
    long nlink = nlink(inode.entries);
    inode.nlink = (int) values.number(Column.DIRECTORY_NLINK, nlink, inode.nlink & U32, U32);
    inode.parent = (int) values.number(Column.PARENT, parent & U32, inode.parent & U32, U32);
    indexes(inode, heads);
    position += length;
    if (position > shape.directoryLength()) {
      throw new DeltaException(
          "the listings do not fit the " + shape.directoryLength() + " bytes said");
    }
  }

  private long blockStart(long at) {
    int within = (int) Math.min(at, Integer.MAX_VALUE);
    return DirectoryTable.blockStart(within, shape.directoryStarts());
  }

  private long nlink(List<Entry> entries) {
    long nlink = 2;
    for (Entry entry : entries) {
      boolean counts = shape.habits().countsAllEntries() || now.get(entry.child).isDirectory();
      nlink += counts ? 1 : 0;
    }
    return nlink;
  }

  /** Codes the headers; gives the length of the listing, and where each header is, by its entry. */
  private int listing(List<Entry> entries, Map<Integer, Integer> heads) throws DeltaException {
    long length = 0;
    long indexed = 0;
    int run = 0;
    Entry head = null;
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      boolean full =
          length + DirectoryTable.ENTRY_SIZE + entry.name.length - indexed
              > MetadataTable.METADATA_SIZE;
      boolean likely = head == null || run == LONGEST_RUN || full || !fits(head, entry);
      entry.head = values.number(Column.HEAD, likely ? 1 : 0, entry.head ? 1 : 0, 1) != 0;
      if (entry.head) {
        long number = now.get(entry.child).number & U32;
        entry.headNumber =
            (int) values.number(Column.HEAD_NUMBER, number, entry.headNumber & U32, U32);
        indexed = head != null && full ? length : indexed;
        heads.put(i, (int) length);
        length += DirectoryTable.HEADER_SIZE;
        head = entry;
        run = 0;
      } else if (head == null) {
        throw new DeltaException("a listing begins without a header");
      }
      length += DirectoryTable.ENTRY_SIZE + entry.name.length;
      run++;
    }
    if (length > shape.directoryLength()) {
      throw new DeltaException("a listing of " + length + " bytes");
    }
    return (int) length;
  }

  /** Whether an entry can stand behind a header: the same metadata block, a number not far off. */
  private boolean fits(Entry head, Entry entry) {
    Inode first = now.get(head.child);
    Inode inode = now.get(entry.child);
    int difference = inode.number - head.headNumber;
    return first.position / MetadataTable.METADATA_SIZE
            == inode.position / MetadataTable.METADATA_SIZE
        && difference == (short) difference;
  }

  /** An index entry leads to the header that stands before the entry of its name. */
  private void indexes(Inode inode, Map<Integer, Integer> heads) throws DeltaException {
    int at = 0;
    for (IndexEntry index : inode.indexes) {
      while (at < inode.entries.size() && !isHeadOf(inode.entries.get(at), index)) {
        at++;
      }
      long place = heads.getOrDefault(at, 0);
      index.place = values.number(Column.INDEX_PLACE, place, index.place, U32);
      long start = blockStart(position + index.place);
      index.start = values.number(Column.INDEX_START, start, index.start, U32);
    }
  }

  private static boolean isHeadOf(Entry entry, IndexEntry index) {
    return entry.head && Arrays.equals(entry.name, index.name);
  }
}
