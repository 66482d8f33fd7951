package io.strata.delta.sqdelta2;

import io.strata.delta.DeltaException;
import io.strata.delta.sqdelta2.Segment.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the target's metadata of a delta. */
final class MetadataReader {
  private final DeltaReader delta;
  private final ResidualReader values;
  private final ImageModel source;
  private final List<Tile> tiles;
  private final Map<Kind, byte[]> tables = new EnumMap<>(Kind.class);
  private final List<Inode> inodes = new ArrayList<>();
  private final List<Piece> pieces = new ArrayList<>();
  private int root;

  /** Bytes of the target; they are compressed first if a way is said. */
  record Piece(long offset, byte[] bytes, int from, int length, int word, int way) {
    static final int AS_IT_IS = -1;

    static Piece of(long offset, byte[] bytes) {
      return new Piece(offset, bytes, 0, bytes.length, 0, AS_IT_IS);
    }
  }

  /**
   * A reader.
   *
   * @param values the columns, of which the tiles and frames have been read
   * @param tiles of the target
   */
  MetadataReader(DeltaReader delta, ResidualReader values, ImageModel source, List<Tile> tiles) {
    this.delta = delta;
    this.values = values;
    this.source = source;
    this.tiles = tiles;
  }

  /** All pieces from the superblock to the end of the metadata, without the tiles. */
  List<Piece> read() throws IOException, DeltaException {
    Header header = delta.header();
    long start = tiles.isEmpty() ? Superblock.SIZE : tiles.getLast().end();
    int ways = header.ways().size();
    List<PlannedSegment> segments =
        new SegmentWalk(values, source, ways, header.targetLength()).run(List.of(), start);
    PlannedSegment inodeTable = find(Kind.INODES, segments);
    PlannedSegment directoryTable = find(Kind.DIRECTORIES, segments);
    boolean modelled =
        inodeTable != null
            && !inodeTable.raw()
            && (directoryTable == null || !directoryTable.raw());
    byte[] raw = delta.column(Column.RAW, Dictionaries.ofRaw(source, modelled));
    values.put(Column.RAW, raw);
    byte[] texts = delta.column(Column.TEXT, Dictionaries.ofTexts(source));
    values.put(Column.TEXT, texts);
    if (modelled && inodeTable != null) {
      model(inodeTable, directoryTable);
    }
    for (PlannedSegment segment : segments) {
      segment(segment, segments, ways);
    }
    long rootReference =
        inodeTable == null || inodes.isEmpty()
            ? 0
            : Derived.reference(inodes.get(root), inodeTable.blockStarts());
    byte[] head =
        Derived.superblock(
            source.head(), header.blockLog(), segments, inodes.size(), rootReference);
    byte[] difference = values.bytes(Column.SUPERBLOCK, Superblock.SIZE);
    pieces.add(Piece.of(0, Derived.xor(head, difference)));
    values.checkAllRead();
    return pieces;
  }

  private static @Nullable PlannedSegment find(Kind kind, List<PlannedSegment> segments) {
    for (PlannedSegment segment : segments) {
      if (segment.kind() == kind) {
        return segment;
      }
    }
    return null;
  }

  /** Reads the model; without a directory table, all directories are empty. */
  private void model(PlannedSegment inodeTable, @Nullable PlannedSegment directoryTable)
      throws DeltaException {
    int[] directoryStarts = directoryTable == null ? new int[1] : directoryTable.blockStarts();
    int directoryLength = directoryTable == null ? 0 : directoryTable.plainLength();
    int count = (int) values.plain(Column.LAYOUT, Limits.INODES);
    if (count > inodeTable.plainLength() / 20) {
      throw new DeltaException(count + " inodes do not fit the inode table");
    }
    root = (int) values.number(Column.LAYOUT, count - 1L, 0, Math.max(count - 1L, 0));
    Habits habits = Habits.of((int) values.plain(Column.LAYOUT, Habits.ALL - 1L));
    for (int i = 0; i < count; i++) {
      inodes.add(new Inode());
    }
    Shape shape =
        new Shape(
            1 << delta.header().blockLog(),
            tiles,
            inodeTable.blockStarts(),
            directoryStarts,
            inodeTable.plainLength(),
            directoryLength,
            habits);
    new InodeModel(values, shape, source.inodes(), inodes, new Inode[count]).run(root);
    tables.put(Kind.INODES, InodeTable.write(inodes));
    tables.put(Kind.DIRECTORIES, DirectoryTable.write(inodes, inodeTable.blockStarts()));
  }

  private void segment(PlannedSegment segment, List<PlannedSegment> segments, int ways)
      throws DeltaException {
    byte[] plain =
        segment.raw()
            ? values.bytes(Column.RAW, segment.plainLength())
            : derived(segment.kind(), segments);
    if (plain.length != segment.plainLength()) {
      throw new DeltaException(
          "the segment %s has %d bytes instead of %d"
              .formatted(segment.kind(), plain.length, segment.plainLength()));
    }
    if (segment.kind().hasBlocks()) {
      blocks(segment, plain, ways);
    } else {
      pieces.add(Piece.of(segment.start(), plain));
    }
  }

  private byte[] derived(Kind kind, List<PlannedSegment> segments) throws DeltaException {
    return switch (kind) {
      case FRAGMENTS -> Derived.fragments(tiles);
      case EXPORT -> Derived.export(inodes, inodeStarts(segments));
      case INODES, DIRECTORIES -> modelled(kind);
      default -> Derived.index(kind, segments);
    };
  }

  private static int[] inodeStarts(List<PlannedSegment> segments) {
    PlannedSegment inodeTable = find(Kind.INODES, segments);
    return inodeTable == null ? new int[1] : inodeTable.blockStarts();
  }

  private byte[] modelled(Kind kind) throws DeltaException {
    byte[] table = tables.get(kind);
    if (table == null) {
      throw new DeltaException("has a model of only one of inodes and directories");
    }
    return table;
  }

  private void blocks(PlannedSegment segment, byte[] plain, int ways) throws DeltaException {
    int[] starts = segment.blockStarts();
    for (int i = 0; i < segment.words().length; i++) {
      int word = segment.words()[i];
      int from = i * MetadataTable.METADATA_SIZE;
      int length = Math.min(MetadataTable.METADATA_SIZE, plain.length - from);
      long at = segment.start() + starts[i];
      boolean uncompressed = (word & MetadataTable.UNCOMPRESSED) != 0;
      pieces.add(Piece.of(at, new ByteWriter().u16(word).toByteArray()));
      if (uncompressed && MetadataTable.stored(word) != length) {
        throw new DeltaException("an uncompressed metadata block has another length");
      }
      if (uncompressed) {
        pieces.add(new Piece(at + 2, plain, from, length, word, Piece.AS_IT_IS));
      } else if (segment.ways()[i] == ways) {
        byte[] stored = values.bytes(Column.RAW, MetadataTable.stored(word));
        pieces.add(Piece.of(at + 2, stored));
      } else {
        pieces.add(new Piece(at + 2, plain, from, length, word, segment.ways()[i]));
      }
    }
  }
}
