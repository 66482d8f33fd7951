package io.strata.squashfs;

import io.strata.posix.NativeBuffer;
import java.io.IOException;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Opens the tables that a superblock names. */
final class ImageTables {
  private static final int EXPORT_ENTRY = Long.BYTES;

  private final ImageFile file;
  private final MetadataCache cache;
  private final Superblock superblock;
  private final TreeSet<Long> borders = new TreeSet<>();
  private final SoundIndexes soundIndexes = new SoundIndexes();

  final IdTable ids;
  final FragmentTable fragments;
  final @Nullable IndexedTable exports;
  final @Nullable XattrTable xattrs;
  final MetadataTable inodes;
  final MetadataTable directories;

  ImageTables(ImageFile file, MetadataCache cache, Superblock superblock) throws IOException {
    this.file = file;
    this.cache = cache;
    this.superblock = superblock;
    borders.add(superblock.bytesUsed());
    borders.add(superblock.directoryTableStart());
    ids = IdTable.read(indexed("id table", superblock.idTableStart(), 4, superblock.ids()));
    fragments = openFragments();
    exports = openExports();
    xattrs = openXattrs();
    inodes = table("inode table", superblock.inodeTableStart());
    directories = table("directory table", superblock.directoryTableStart());
  }

  private FragmentTable openFragments() throws IOException {
    long count = superblock.fragments();
    long start = count == 0 ? superblock.bytesUsed() : superblock.fragmentTableStart();
    return new FragmentTable(indexed("fragment table", start, FragmentTable.ENTRY_SIZE, count));
  }

  private @Nullable IndexedTable openExports() throws IOException {
    return superblock.isExportable()
        ? indexed("export table", superblock.lookupTableStart(), EXPORT_ENTRY, superblock.inodes())
        : null;
  }

  private @Nullable XattrTable openXattrs() throws IOException {
    if (!superblock.hasXattrs()) {
      return null;
    }
    long start = superblock.xattrIdTableStart();
    NativeBuffer head = NativeBuffer.allocate(XattrTable.HEADER_SIZE);
    file.readFully(start, XattrTable.HEADER_SIZE, head, 0);
    long valuesStart = head.bytes().getLong(0);
    long count = Integer.toUnsignedLong(head.bytes().getInt(8));
    borders.add(start);
    if (count == 0) { // as squashfs_read_xattr_id_table of fs/squashfs/xattr_id.c
      throw file.corrupt("xattr id table", start + 8, "it is said to hold no entries");
    }
    IndexedTable ids =
        indexed("xattr id table", start + XattrTable.HEADER_SIZE, XattrTable.ID_SIZE, count);
    if (valuesStart < Superblock.SIZE || valuesStart > start) {
      throw file.corrupt("xattr id table", start, "the values are said to be at " + valuesStart);
    }
    return new XattrTable(ids, table("xattr table", valuesStart));
  }

  /** A cursor over directories. */
  DirectoryCursor newDirectoryCursor() {
    return new DirectoryCursor(directories, inodes, soundIndexes);
  }

  private IndexedTable indexed(String name, long indexStart, int entrySize, long count)
      throws IOException {
    MetadataTable blocks =
        new MetadataTable(file, cache, name, Superblock.SIZE, superblock.bytesUsed());
    long indexEnd = superblock.endOfTable(indexStart);
    IndexedTable table = IndexedTable.read(blocks, indexStart, indexEnd, entrySize, count);
    borders.add(indexStart);
    long first = table.firstBlock();
    if (first > superblock.directoryTableStart() && first < indexStart) {
      borders.add(first); // else the table is damaged, which must not cut others short
    }
    return table;
  }

  /** The table from {@code start} to where the next thing in the image begins. */
  private MetadataTable table(String name, long start) {
    Long next = borders.higher(start);
    long end = next == null ? superblock.bytesUsed() : next;
    return new MetadataTable(file, cache, name, start, end);
  }
}
