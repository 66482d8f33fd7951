package io.strata.delta;

import io.strata.codec.Compression;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Finds the compressed blocks of an image: data and fragment blocks, and the metadata blocks of the
 * inode, directory and fragment tables.
 *
 * <p>Source: the structures of the kernel's squashfs_fs.h.
 */
final class ImageScan {
  /** In the size of a data block or fragment: stored as it is. */
  private static final int SQUASHFS_COMPRESSED_BIT_BLOCK = 1 << 24;

  private static final int FRAGMENT_ENTRY_SIZE = 16;
  private static final int LZO1X_999 = 4;
  private static final int LZO_DEFAULT_LEVEL = 8;
  private static final int LZ4_LEGACY = 1;
  private static final int LZ4_HC = 1;

  private final ImageFile image;
  private final Superblock superblock;
  private final List<Block> found = new ArrayList<>();

  ImageScan(ImageFile image) {
    this.image = image;
    this.superblock = image.superblock();
  }

  /** All compressed blocks in order, none overlapping another. */
  List<Block> blocks() throws IOException, DeltaException {
    new InodeScan(
            new MetadataChain(image, superblock.inodeTable(), superblock.directoryTable(), found),
            superblock,
            this::dataBlock)
        .run();
    long directoryEnd = fragments();
    if (directoryEnd > superblock.directoryTable()) {
      new MetadataChain(image, superblock.directoryTable(), directoryEnd, found).readToEnd();
    }
    return inOrder();
  }

  /** Reads the fragment table; gives the place of its first block, where the directories end. */
  private long fragments() throws IOException, DeltaException {
    int count = superblock.fragments();
    if (count == 0) {
      return superblock.directoryTable(); // what follows then is not known, and small
    }
    long start = image.bytes(superblock.fragmentTable(), Long.BYTES).getLong(0);
    if (start < superblock.directoryTable() || start > superblock.fragmentTable()) {
      throw new DeltaException("the fragment table is not behind the directory table");
    }
    MetadataChain table = new MetadataChain(image, start, superblock.fragmentTable(), found);
    for (int i = 0; i < count; i++) {
      long offset = table.i64();
      int size = table.i32();
      table.skip(FRAGMENT_ENTRY_SIZE - Long.BYTES - Integer.BYTES);
      dataBlock(offset, size);
    }
    return start;
  }

  private void dataBlock(long offset, int size) throws DeltaException {
    boolean compressed = (size & SQUASHFS_COMPRESSED_BIT_BLOCK) == 0;
    int length = size & ~SQUASHFS_COMPRESSED_BIT_BLOCK;
    if (length < 0 || length > superblock.blockSize()) {
      throw new DeltaException("the data block at offset " + offset + " has size " + length);
    }
    if (length == 0) {
      return; // a hole, wherever its file is said to start
    }
    if (offset < Superblock.SIZE || offset > superblock.inodeTable() - length) {
      throw new DeltaException("the data block at offset " + offset + " is not before the inodes");
    }
    if (compressed) {
      found.add(new Block(offset, length, 0));
    }
  }

  /** Files of the same content share blocks; anything else that overlaps is left out. */
  private List<Block> inOrder() {
    found.sort(Comparator.comparingLong(Block::offset));
    List<Block> blocks = new ArrayList<>(found.size());
    long end = 0;
    for (Block block : found) {
      if (block.offset() >= end) {
        blocks.add(block);
        end = block.offset() + block.length();
      }
    }
    return blocks;
  }

  /** How the blocks are compressed, {@code None} if .sqdelta knows no name for that. */
  SqdeltaCompression compression() throws IOException, DeltaException {
    if (superblock.compression() == Compression.LZO.id()) {
      return lzo();
    }
    if (superblock.compression() == Compression.LZ4.id()) {
      return lz4();
    }
    return new SqdeltaCompression.None(0);
  }

  private SqdeltaCompression lzo() throws IOException, DeltaException {
    if (!superblock.hasOptions()) {
      return new SqdeltaCompression.Lzo(LZO_DEFAULT_LEVEL, true);
    }
    ByteBuffer options = options();
    int level = options.getInt(4);
    boolean known = options.getInt(0) == LZO1X_999 && level >= 1 && level <= 9;
    return known ? new SqdeltaCompression.Lzo(level, true) : new SqdeltaCompression.None(0);
  }

  private SqdeltaCompression lz4() throws IOException, DeltaException {
    if (!superblock.hasOptions()) {
      return new SqdeltaCompression.None(0);
    }
    ByteBuffer options = options();
    boolean known = options.getInt(0) == LZ4_LEGACY && (options.getInt(4) & ~LZ4_HC) == 0;
    return known
        ? new SqdeltaCompression.Lz4((options.getInt(4) & LZ4_HC) != 0)
        : new SqdeltaCompression.None(0);
  }

  /** Eight bytes of options, in an uncompressed metadata block behind the superblock. */
  private ByteBuffer options() throws IOException, DeltaException {
    return image.bytes(Superblock.SIZE + Short.BYTES, 2 * Integer.BYTES);
  }
}
