package io.strata.delta.sqdelta2;

import io.strata.delta.DeltaException;
import io.strata.delta.sqdelta2.Segment.Kind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** What follows from the rest of an image: some tables, their indexes, and the superblock. */
final class Derived {
  private static final int XATTR_ENTRY = 16;
  private static final int FRAGMENT_ENTRY = 16;

  private Derived() {}

  /** The fragment table: the fragments in the order in which they are stored. */
  static byte[] fragments(List<Tile> tiles) {
    ByteWriter out = new ByteWriter();
    for (Tile tile : tiles) {
      if (tile.role() == Tile.Role.FRAGMENT) {
        out.u64(tile.offset()).u32(tile.word()).u32(0);
      }
    }
    return out.toByteArray();
  }

  /**
   * The export table: where each inode is, by number.
   *
   * @throws DeltaException if the numbers are not 1 to the number of inodes
   */
  static byte[] export(List<Inode> inodes, int[] inodeStarts) throws DeltaException {
    ByteBuffer table =
        ByteBuffer.allocate(Long.BYTES * inodes.size()).order(ByteOrder.LITTLE_ENDIAN);
    for (Inode inode : inodes) {
      if (inode.number < 1 || inode.number > inodes.size()) {
        throw new DeltaException("an inode has the number " + inode.number);
      }
      table.putLong(Long.BYTES * (inode.number - 1), reference(inode, inodeStarts));
    }
    return table.array();
  }

  /** The reference of an inode. */
  static long reference(Inode inode, int[] inodeStarts) {
    long start = DirectoryTable.blockStart(inode.position, inodeStarts);
    return start << 16 | inode.position % MetadataTable.METADATA_SIZE;
  }

  /** The content of an index segment: where the blocks of its table are. */
  static byte[] index(Kind index, List<PlannedSegment> segments) {
    ByteWriter out = new ByteWriter();
    if (index == Kind.XATTR_INDEX) {
      out.u64(start(Kind.XATTR_VALUES, segments, 0));
      out.u32(plainLength(Kind.XATTR_IDS, segments) / XATTR_ENTRY).u32(0);
    }
    for (PlannedSegment segment : segments) {
      if (segment.kind() == tableOf(index)) {
        int[] starts = segment.blockStarts();
        for (int i = 0; i < segment.words().length; i++) {
          out.u64(segment.start() + starts[i]);
        }
      }
    }
    return out.toByteArray();
  }

  private static Kind tableOf(Kind index) {
    return switch (index) {
      case FRAGMENT_INDEX -> Kind.FRAGMENTS;
      case EXPORT_INDEX -> Kind.EXPORT;
      case ID_INDEX -> Kind.IDS;
      case XATTR_INDEX -> Kind.XATTR_IDS;
      default -> throw new IllegalArgumentException(index + " is no index");
    };
  }

  private static long start(Kind kind, List<PlannedSegment> segments, long otherwise) {
    for (PlannedSegment segment : segments) {
      if (segment.kind() == kind) {
        return segment.start();
      }
    }
    return otherwise;
  }

  private static int plainLength(Kind kind, List<PlannedSegment> segments) {
    for (PlannedSegment segment : segments) {
      if (segment.kind() == kind) {
        return segment.plainLength();
      }
    }
    return 0;
  }

  /**
   * The superblock as far as it is known: the source's, with what has moved.
   *
   * @param segments none if the target is opaque: then it is the source's
   * @param inodes of the target; none if they are not known
   * @param root reference of the root's inode
   */
  static byte[] superblock(
      byte[] source, int blockLog, List<PlannedSegment> segments, int inodes, long root) {
    byte[] head = source.clone();
    if (segments.isEmpty()) {
      return head;
    }
    ByteBuffer out = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
    if (inodes > 0) {
      out.putInt(4, inodes).putLong(32, root);
    }
    out.putInt(12, 1 << blockLog).putShort(22, (short) blockLog);
    out.putInt(16, plainLength(Kind.FRAGMENTS, segments) / FRAGMENT_ENTRY);
    out.putShort(26, (short) (plainLength(Kind.IDS, segments) / Integer.BYTES));
    out.putLong(40, segments.getLast().end());
    out.putLong(48, start(Kind.ID_INDEX, segments, out.getLong(48)));
    out.putLong(56, start(Kind.XATTR_INDEX, segments, Superblock.NONE));
    out.putLong(64, start(Kind.INODES, segments, out.getLong(64)));
    out.putLong(72, start(Kind.DIRECTORIES, segments, out.getLong(72)));
    out.putLong(80, start(Kind.FRAGMENT_INDEX, segments, out.getLong(80)));
    out.putLong(88, start(Kind.EXPORT_INDEX, segments, Superblock.NONE));
    return head;
  }

  /** {@code bytes} with each bit turned that is set in {@code difference}. */
  static byte[] xor(byte[] bytes, byte[] difference) {
    byte[] result = bytes.clone();
    for (int i = 0; i < result.length; i++) {
      result[i] ^= difference[i];
    }
    return result;
  }
}
