package io.strata.delta.sqdelta2;

import io.strata.delta.DeltaException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The metadata of an image: the segments from its inode table to the last one, without gap, and the
 * uncompressed tables.
 */
final class MetadataArea {
  private static final int FRAGMENT_ENTRY = 16;
  private static final int XATTR_ENTRY = 16;
  private static final int XATTR_HEAD = 16;

  private final List<Segment> segments;
  private final Map<Segment.Kind, MetadataTable> tables;

  MetadataArea(List<Segment> segments, Map<Segment.Kind, MetadataTable> tables) {
    this.segments = segments;
    this.tables = tables;
  }

  /** In the order of the image; what is no table is a gap. */
  List<Segment> segments() {
    return segments;
  }

  /** The table of this kind; empty if there is none. */
  MetadataTable table(Segment.Kind kind) {
    return tables.getOrDefault(kind, MetadataTable.EMPTY);
  }

  /**
   * Reads all tables of an image.
   *
   * @throws DeltaException if one is not where and as mksquashfs would have it
   */
  static MetadataArea read(BlockReader image, Superblock superblock, long length)
      throws IOException, DeltaException {
    return new Reading(image, superblock, length).run();
  }

  /** The reading of one image. */
  private static final class Reading {
    private final BlockReader image;
    private final Superblock superblock;
    private final long length;
    private final List<Segment> segments = new ArrayList<>();
    private final Map<Segment.Kind, MetadataTable> tables = new EnumMap<>(Segment.Kind.class);

    Reading(BlockReader image, Superblock superblock, long length) {
      this.image = image;
      this.superblock = superblock;
      this.length = length;
    }

    MetadataArea run() throws IOException, DeltaException {
      if (superblock.inodeTable() < Superblock.SIZE) {
        throw new DeltaException("the inode table is not behind the superblock");
      }
      indexed(
          Segment.Kind.FRAGMENTS,
          Segment.Kind.FRAGMENT_INDEX,
          superblock.fragmentTable(),
          superblock.fragments() * FRAGMENT_ENTRY);
      if (superblock.exportTable() != Superblock.NONE) {
        indexed(
            Segment.Kind.EXPORT,
            Segment.Kind.EXPORT_INDEX,
            superblock.exportTable(),
            superblock.inodes() * Long.BYTES);
      }
      indexed(
          Segment.Kind.IDS,
          Segment.Kind.ID_INDEX,
          superblock.idTable(),
          (long) superblock.ids() * Integer.BYTES);
      if (superblock.xattrTable() != Superblock.NONE) {
        xattrs();
      }
      table(Segment.Kind.INODES, superblock.inodeTable(), superblock.directoryTable());
      long next = length;
      for (Segment segment : segments) {
        boolean behind = segment.start() >= superblock.directoryTable();
        boolean itself = segment.kind() == Segment.Kind.INODES;
        next = behind && !itself ? Math.min(next, segment.start()) : next;
      }
      table(Segment.Kind.DIRECTORIES, superblock.directoryTable(), next);
      return new MetadataArea(contiguous(), tables);
    }

    private void indexed(Segment.Kind table, Segment.Kind index, long at, long plainLength)
        throws IOException, DeltaException {
      if (plainLength > 0) {
        long start = index(table, index, at, 0, plainLength);
        table(table, start, at);
        check(table, start, at, 0, plainLength);
      }
    }

    private void xattrs() throws IOException, DeltaException {
      long at = superblock.xattrTable();
      ByteReader head = new ByteReader("xattr table", bytes(at, XATTR_HEAD));
      long values = head.i64();
      long ids = head.u32();
      long start = at;
      if (ids > 0) {
        start =
            index(
                Segment.Kind.XATTR_IDS,
                Segment.Kind.XATTR_INDEX,
                at,
                XATTR_HEAD,
                ids * XATTR_ENTRY);
        table(Segment.Kind.XATTR_IDS, start, at);
        check(Segment.Kind.XATTR_IDS, start, at, XATTR_HEAD, ids * XATTR_ENTRY);
      } else {
        add(Segment.Kind.XATTR_INDEX, at, at + XATTR_HEAD);
      }
      table(Segment.Kind.XATTR_VALUES, values, start);
    }

    /** Adds the segment of an index; gives where the first block of its table starts. */
    private long index(
        Segment.Kind table, Segment.Kind index, long at, int skipped, long plainLength)
        throws IOException, DeltaException {
      if (plainLength > Limits.TABLE) {
        throw new DeltaException("the table " + table + " has " + plainLength + " bytes");
      }
      int size = skipped + Long.BYTES * MetadataTable.blocks(plainLength);
      add(index, at, at + size);
      return new ByteReader("index", bytes(at + skipped, Long.BYTES)).i64();
    }

    private void table(Segment.Kind kind, long start, long end) throws IOException, DeltaException {
      add(kind, start, end);
      tables.put(kind, MetadataTable.read(image, start, end));
    }

    private void add(Segment.Kind kind, long start, long end) throws DeltaException {
      if (start < superblock.inodeTable() || start > end || end > length) {
        throw new DeltaException("the table " + kind + " is not behind the data");
      }
      segments.add(new Segment(kind, start, end));
    }

    /** Whether an index names the blocks that were read. */
    private void check(Segment.Kind kind, long start, long at, int skipped, long plainLength)
        throws IOException, DeltaException {
      MetadataTable table = tables.getOrDefault(kind, MetadataTable.EMPTY);
      int blocks = table.words().length;
      byte[] index = bytes(at + skipped, Long.BYTES * blocks);
      ByteReader in = new ByteReader("index", index);
      for (int i = 0; i < blocks; i++) {
        if (in.i64() != start + table.starts()[i]) {
          throw new DeltaException("the index of " + kind + " names other blocks");
        }
      }
      if (table.plain().length != plainLength) {
        throw new DeltaException("the table " + kind + " has " + table.plain().length + " bytes");
      }
    }

    private byte[] bytes(long offset, int count) throws IOException, DeltaException {
      if (offset < 0 || offset > length - count) {
        throw new DeltaException("a table at offset " + offset + " is not in the image");
      }
      return image.bytes(offset, count);
    }

    private List<Segment> contiguous() throws DeltaException {
      segments.sort(Comparator.comparingLong(Segment::start).thenComparing(Segment::end));
      List<Segment> all = new ArrayList<>();
      long at = superblock.inodeTable();
      for (Segment segment : segments) {
        if (segment.start() < at) {
          throw new DeltaException("the table " + segment.kind() + " overlaps another");
        }
        if (segment.start() > at) {
          all.add(new Segment(Segment.Kind.GAP, at, segment.start()));
        }
        if (segment.length() > 0) {
          all.add(segment);
        }
        at = segment.end();
      }
      return all;
    }
  }
}
