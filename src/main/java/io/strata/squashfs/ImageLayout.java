package io.strata.squashfs;

import java.io.IOException;
import java.util.Arrays;

/**
 * Finds where the parts of an image begin: superblock, options, data blocks, fragments, metadata
 * blocks of all tables, and their indexes. For one thread and one run.
 */
final class ImageLayout {
  /** More parts than any image has that can be mounted: 4 TiB of blocks of 128 KiB. */
  private static final int MAX_PARTS = 1 << 25;

  private final ImageFile file;
  private final Superblock superblock;
  private final ImageTables tables;
  private final InodeReader inodes;
  private long[] borders = new long[1024];
  private int count;

  ImageLayout(ImageFile file, Superblock superblock, ImageTables tables, InodeReader inodes) {
    this.file = file;
    this.superblock = superblock;
    this.tables = tables;
    this.inodes = inodes;
  }

  /**
   * The positions at which parts begin, in ascending order, from 0 to the end of the file; what the
   * image says of places outside of it is left out.
   *
   * @throws CorruptImageException if a table can't be read
   */
  long[] borders() throws IOException {
    add(0);
    add(Superblock.SIZE);
    add(superblock.bytesUsed());
    add(file.size());
    addFiles();
    addFragments();
    addBlocks(tables.inodes);
    addBlocks(tables.directories);
    addIndexed(tables.fragments.entries());
    add(superblock.idTableStart());
    if (tables.exports != null) {
      addIndexed(tables.exports);
    }
    if (tables.xattrs != null) {
      addBlocks(tables.xattrs.values());
      addIndexed(tables.xattrs.ids());
      add(superblock.xattrIdTableStart());
    }
    long[] sorted = Arrays.copyOf(borders, count);
    Arrays.sort(sorted);
    return Arrays.stream(sorted).distinct().toArray();
  }

  private void addFiles() throws IOException {
    MetadataCursor cursor = tables.inodes.cursor();
    long reference = 0;
    while (!isEnd(reference, cursor)) {
      Inode inode = inodes.read(reference, cursor);
      if (inode instanceof FileInode regular && regular.blocks().count() > 0) {
        addData(regular.blocks(), cursor);
      }
      reference = inodes.following(inode, cursor);
    }
  }

  private boolean isEnd(long reference, MetadataCursor cursor) throws IOException {
    cursor.seek(reference);
    MetadataBlock block = tables.inodes.block(cursor.position());
    return (reference & 0xffff) == block.length() && block.next() >= tables.inodes.end();
  }

  private void addData(BlockList blocks, MetadataCursor cursor) throws IOException {
    cursor.seek(blocks.listReference());
    long position = blocks.dataStart();
    add(position);
    for (long i = 0; i < blocks.count(); i++) {
      int word = cursor.s32();
      if (!BlockList.isHole(word)) {
        position += BlockList.storedSize(word);
        add(position);
      }
    }
  }

  private void addFragments() throws IOException {
    FragmentTable fragments = tables.fragments;
    for (long i = 0; i < fragments.count(); i++) {
      long position = fragments.position(i);
      add(position);
      add(position + BlockList.storedSize(fragments.word(i)));
    }
  }

  private void addBlocks(MetadataTable table) throws IOException {
    long position = table.start();
    add(position);
    while (position < table.end()) {
      position = table.block(position).next();
      add(position);
    }
  }

  private void addIndexed(IndexedTable table) throws IOException {
    add(table.indexStart());
    for (long i = 0; i < table.blockCount(); i++) {
      add(table.position(i));
    }
  }

  private void add(long position) throws IOException {
    if (position < 0 || position > file.size()) {
      return;
    }
    if (count == borders.length) {
      if (count >= MAX_PARTS) {
        throw file.corrupt("image", position, "it has more than " + MAX_PARTS + " parts");
      }
      borders = Arrays.copyOf(borders, 2 * count);
    }
    borders[count++] = position;
  }
}
