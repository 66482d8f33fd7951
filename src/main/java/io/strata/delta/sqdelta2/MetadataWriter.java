package io.strata.delta.sqdelta2;

import io.strata.delta.DeltaException;
import io.strata.delta.sqdelta2.Segment.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the target's metadata into the columns of a delta. */
final class MetadataWriter {
  private final ImageModel source;
  private final ImageModel target;
  private final @Nullable Inode[] likes;
  private final Toolbox toolbox;
  private final ResidualWriter out;
  private final BlockReader reader;
  private @Nullable ResidualWriter model;
  private int rootRecord;

  /**
   * A writer.
   *
   * @param likes of the target's inodes
   * @param out the columns, to which the tiles have been written
   */
  MetadataWriter(
      ImageModel source,
      ImageModel target,
      @Nullable Inode[] likes,
      Toolbox toolbox,
      ResidualWriter out) {
    this.source = source;
    this.target = target;
    this.likes = likes;
    this.toolbox = toolbox;
    this.out = out;
    this.reader = target.reader();
  }

  /** Writes everything; whether inodes and directories are as the model has them. */
  boolean write() throws IOException, DeltaException {
    chooseModel();
    List<PlannedSegment> segments = new ArrayList<>();
    for (Segment segment : target.metadata().segments()) {
      segments.add(planned(segment));
    }
    long end = segments.isEmpty() ? target.dataEnd() : segments.getLast().end();
    segments.addAll(tail(end));
    segments = derivable(segments);
    int ways = toolbox.data().size();
    new SegmentWalk(out, source, ways, target.length()).run(segments, target.dataEnd());
    if (model != null) {
      out.append(model);
    }
    for (PlannedSegment segment : segments) {
      writeRaw(segment, ways);
    }
    out.bytes(Column.SUPERBLOCK, superblock(segments));
    return model != null;
  }

  private byte[] superblock(List<PlannedSegment> segments) {
    boolean known = model != null;
    int[] starts = target.table(Kind.INODES).starts();
    long root = known ? Derived.reference(target.inodes().get(rootRecord), starts) : 0;
    byte[] likely =
        Derived.superblock(
            source.head(),
            target.superblock().blockLog(),
            segments,
            known ? target.inodes().size() : 0,
            root);
    return Derived.xor(target.head(), likely);
  }

  private void chooseModel() throws DeltaException {
    if (target.inodes().isEmpty()) {
      return;
    }
    rootRecord = Math.max(target.root(), 0);
    ModelWriter writer = new ModelWriter(source, target, likes, rootRecord);
    model = writer.best();
  }

  private PlannedSegment planned(Segment segment) throws IOException, DeltaException {
    Kind kind = segment.kind();
    MetadataTable table = target.table(kind);
    if (!kind.hasBlocks()) {
      int length = Math.toIntExact(segment.length());
      return new PlannedSegment(
          kind, kind == Kind.GAP, length, new int[0], new int[0], segment.start());
    }
    int[] ways = new BlockTrials(reader, table, toolbox).ways(segment.start());
    int[] words = table.words();
    int length = table.plain().length;
    return new PlannedSegment(kind, isRaw(kind), length, words, ways, segment.start());
  }

  private boolean isRaw(Kind kind) throws DeltaException {
    byte[] table = target.table(kind).plain();
    return switch (kind) {
      case INODES, DIRECTORIES -> model == null;
      case FRAGMENTS -> !Arrays.equals(table, Derived.fragments(target.tiles()));
      case EXPORT -> model == null || !isExport(table);
      default -> true;
    };
  }

  private boolean isExport(byte[] table) {
    try {
      int[] starts = target.table(Kind.INODES).starts();
      return Arrays.equals(table, Derived.export(target.inodes(), starts));
    } catch (DeltaException _) {
      return false;
    }
  }

  /** What is behind the metadata, if it is more than NULs. */
  private List<PlannedSegment> tail(long from) throws IOException, DeltaException {
    List<PlannedSegment> tail = new ArrayList<>();
    boolean onlyNuls = true;
    for (long at = from; at < target.length(); at += Limits.GAP) {
      int length = (int) Math.min(Limits.GAP, target.length() - at);
      tail.add(new PlannedSegment(Kind.GAP, true, length, new int[0], new int[0], at));
      for (byte b : reader.bytes(at, length)) {
        onlyNuls &= b == 0;
      }
    }
    return onlyNuls ? List.of() : tail;
  }

  /** The same with the indexes as gaps that do not follow from their tables. */
  private List<PlannedSegment> derivable(List<PlannedSegment> segments)
      throws IOException, DeltaException {
    List<PlannedSegment> result = new ArrayList<>();
    for (PlannedSegment segment : segments) {
      boolean index = !segment.kind().hasBlocks() && segment.kind() != Kind.GAP;
      byte[] bytes = index ? Derived.index(segment.kind(), segments) : new byte[0];
      boolean derived =
          !index || Arrays.equals(bytes, reader.bytes(segment.start(), segment.plainLength()));
      int[] none = {};
      result.add(
          derived
              ? segment
              : new PlannedSegment(
                  Kind.GAP, true, segment.plainLength(), none, none, segment.start()));
    }
    return result;
  }

  private void writeRaw(PlannedSegment segment, int ways) throws IOException, DeltaException {
    if (segment.raw()) {
      byte[] bytes =
          segment.kind().hasBlocks()
              ? target.table(segment.kind()).plain()
              : reader.bytes(segment.start(), segment.plainLength());
      out.bytes(Column.RAW, bytes);
    }
    int[] starts = segment.blockStarts();
    for (int i = 0; i < segment.words().length; i++) {
      boolean uncompressed = (segment.words()[i] & MetadataTable.UNCOMPRESSED) != 0;
      if (!uncompressed && segment.ways()[i] == ways) {
        long at = segment.start() + starts[i] + Short.BYTES;
        out.bytes(Column.RAW, reader.bytes(at, MetadataTable.stored(segment.words()[i])));
      }
    }
  }
}
