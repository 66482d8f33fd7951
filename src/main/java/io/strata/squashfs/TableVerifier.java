package io.strata.squashfs;

import io.strata.posix.NativeBuffer;
import java.io.IOException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * The part of a verification that goes through the tables instead of the tree: what no path leads
 * to, and what only all paths together tell. For one thread and one run.
 *
 * <p>Takes a bit for each inode and fragment, and some 50 bytes for each inode with several names.
 */
final class TableVerifier {
  private static final String WHOLE = "/";

  private final ImageTables tables;
  private final InodeReader inodes;
  private final BlockLoader loader;
  private final VerifyTally tally;
  private final BitSet named = new BitSet(); // inode numbers
  private final BitSet met = new BitSet(); // inode numbers
  private final BitSet usedFragments = new BitSet();
  private final Map<Long, Long> furtherNames = new HashMap<>(); // by reference, from the second on
  private boolean treeIsWhole = true;

  TableVerifier(ImageTables tables, InodeReader inodes, BlockLoader loader, VerifyTally tally) {
    this.tables = tables;
    this.inodes = inodes;
    this.loader = loader;
    this.tally = tally;
  }

  /** Hears of the root. */
  void root(DirectoryInode root) {
    named.set(place(root.inodeNumber()));
  }

  /**
   * Hears that not every name could be read: of what has none, and of link counts, no word then.
   */
  void treeIsDamaged() {
    treeIsWhole = false;
  }

  /** Hears of a name; gives whether it is the inode's first. */
  boolean name(Inode inode) {
    int place = place(inode.inodeNumber());
    if (!named.get(place)) {
      named.set(place);
      if (inode instanceof FileInode file && file.hasFragment()) {
        usedFragments.set(place(Integer.toUnsignedLong(file.fragment())));
      }
      return true;
    }
    furtherNames.merge(inode.reference(), 1L, Long::sum);
    return false;
  }

  /** Numbers go up to 2^32 - 1; those behind 2^31 share a place with none that is likely. */
  private static int place(long number) {
    return (int) (number & Integer.MAX_VALUE);
  }

  /** Goes through all tables. */
  void run() {
    verifyBlocks(tables.directories);
    XattrTable xattrs = tables.xattrs;
    if (xattrs != null) {
      verifyBlocks(xattrs.values());
    }
    if (verifyBlocks(tables.inodes)) {
      verifyInodes();
    }
    verifyFragments();
  }

  /** Reads all blocks of a table, whether anything leads to them or not. */
  private boolean verifyBlocks(MetadataTable table) {
    try {
      long position = table.start();
      while (position < table.end() && !tally.isHopeless()) {
        position = table.block(position).next();
      }
      return true;
    } catch (IOException e) {
      tally.problem(WHOLE, e);
      return false;
    }
  }

  /** Goes from inode to inode as they lie one behind the other. */
  private void verifyInodes() {
    MetadataCursor cursor = tables.inodes.cursor();
    try {
      long reference = 0;
      while (!isEnd(reference, cursor) && !tally.isHopeless()) {
        Inode inode = inodes.read(reference, cursor);
        verify(inode);
        reference = inodes.following(inode, cursor);
      }
    } catch (IOException e) {
      tally.problem(WHOLE, e);
    }
  }

  private boolean isEnd(long reference, MetadataCursor cursor) throws IOException {
    cursor.seek(reference);
    MetadataBlock block = tables.inodes.block(cursor.position());
    return (reference & 0xffff) == block.length() && block.next() >= tables.inodes.end();
  }

  private void verify(Inode inode) {
    int place = place(inode.inodeNumber());
    String number = "inode " + inode.inodeNumber();
    if (met.get(place)) {
      problem(inode, "a second " + number);
    }
    met.set(place);
    if (treeIsWhole && !named.get(place)) {
      problem(inode, number + ", which no entry names");
    }
    boolean counts = treeIsWhole && !(inode instanceof DirectoryInode) && named.get(place);
    long names = 1 + furtherNames.getOrDefault(inode.reference(), 0L);
    if (counts && names != inode.linkCount()) {
      problem(inode, number + " has " + names + " names and says " + inode.linkCount());
    }
  }

  private void problem(Inode inode, String what) {
    long position = tables.inodes.start() + (inode.reference() >>> 16);
    tally.problem(WHOLE, tables.inodes.corrupt(position, what));
  }

  /** Reads the fragments that no file uses; the others are read with their files. */
  private void verifyFragments() {
    NativeBuffer buffer = NativeBuffer.allocate(loader.blockSize());
    FragmentTable fragments = tables.fragments;
    for (long i = 0; i < fragments.count() && !tally.isHopeless(); i++) {
      if (usedFragments.get(place(i))) {
        continue;
      }
      try {
        loader.load(fragments.position(i), fragments.word(i), buffer, 0, loader.blockSize());
      } catch (IOException e) {
        tally.problem(WHOLE, e);
      }
    }
  }
}
