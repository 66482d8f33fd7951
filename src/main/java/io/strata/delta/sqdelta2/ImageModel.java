package io.strata.delta.sqdelta2;

import io.strata.codec.Decompressor;
import io.strata.codec.Decompressors;
import io.strata.delta.DeltaException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.EnumMap;
import java.util.List;

/**
 * What there is in an image: its tiles, its metadata tables, its inodes with their directories.
 *
 * <p>An image that is unusual in any of these is taken as one stretch of bytes, and has neither
 * segments nor inodes. Immutable but for its channel; for any thread.
 */
final class ImageModel {
  private final FileChannel channel;
  private final byte[] head;
  private final Superblock superblock;
  private final Decompressor decompressor;
  private final long length;
  private final MetadataArea metadata;
  private final List<Inode> inodes;
  private final List<Tile> tiles;

  private ImageModel(
      FileChannel channel,
      byte[] head,
      Superblock superblock,
      Decompressor decompressor,
      MetadataArea metadata,
      List<Inode> inodes,
      List<Tile> tiles)
      throws IOException {
    this.channel = channel;
    this.head = head;
    this.superblock = superblock;
    this.decompressor = decompressor;
    this.length = channel.size();
    this.metadata = metadata;
    this.inodes = inodes;
    this.tiles = tiles;
  }

  /**
   * Reads an image.
   *
   * @throws DeltaException if it is none; not if it is damaged behind its superblock
   */
  static ImageModel read(FileChannel channel) throws IOException, DeltaException {
    if (channel.size() < Superblock.SIZE) {
      throw new DeltaException("not a SquashFS image");
    }
    byte[] head = BlockReader.bytes(channel, 0, Superblock.SIZE);
    Superblock superblock = Superblock.read(head);
    Decompressor decompressor = Decompressors.of(superblock.compression());
    try {
      return modelled(channel, head, superblock, decompressor);
    } catch (DeltaException _) {
      return opaque(channel, head, superblock, decompressor);
    }
  }

  private static ImageModel modelled(
      FileChannel channel, byte[] head, Superblock superblock, Decompressor decompressor)
      throws IOException, DeltaException {
    BlockReader reader = new BlockReader(channel, decompressor);
    MetadataArea area = MetadataArea.read(reader, superblock, channel.size());
    MetadataTable inodeTable = area.table(Segment.Kind.INODES);
    List<Inode> inodes =
        InodeTable.read(inodeTable.plain(), superblock.inodes(), superblock.blockSize());
    DirectoryTable.read(area.table(Segment.Kind.DIRECTORIES), inodeTable, inodes);
    List<Tile> tiles =
        new Tiling(superblock.inodeTable(), superblock.blockSize())
            .files(inodes)
            .fragments(area.table(Segment.Kind.FRAGMENTS).plain())
            .tiles();
    return new ImageModel(channel, head, superblock, decompressor, area, inodes, tiles);
  }

  private static ImageModel opaque(
      FileChannel channel, byte[] head, Superblock superblock, Decompressor decompressor)
      throws IOException, DeltaException {
    MetadataArea nothing = new MetadataArea(List.of(), new EnumMap<>(Segment.Kind.class));
    List<Tile> tiles = new Tiling(channel.size(), superblock.blockSize()).tiles();
    return new ImageModel(channel, head, superblock, decompressor, nothing, List.of(), tiles);
  }

  /** Its superblock as it is. */
  byte[] head() {
    return head;
  }

  Superblock superblock() {
    return superblock;
  }

  FileChannel channel() {
    return channel;
  }

  long length() {
    return length;
  }

  /** A reader of its blocks, for one thread. */
  BlockReader reader() {
    return new BlockReader(channel, decompressor);
  }

  List<Tile> tiles() {
    return tiles;
  }

  /** All inodes in the order of their table; none if the image is opaque. */
  List<Inode> inodes() {
    return inodes;
  }

  /** The number of the root's record in the inode table, or -1. */
  int root() {
    try {
      long start = superblock.root() >>> 16;
      int offset = (int) (superblock.root() & 0xffff);
      int position = metadata.table(Segment.Kind.INODES).position(start, offset);
      for (int i = inodes.size() - 1; i >= 0; i--) {
        if (inodes.get(i).position == position) {
          return i;
        }
      }
      return -1;
    } catch (DeltaException _) {
      return -1;
    }
  }

  MetadataArea metadata() {
    return metadata;
  }

  /** The uncompressed table of this kind; empty if there is none. */
  MetadataTable table(Segment.Kind kind) {
    return metadata.table(kind);
  }

  /** Where the image's metadata starts, and its tiles end. */
  long dataEnd() {
    return tiles.isEmpty() ? Superblock.SIZE : tiles.getLast().end();
  }
}
