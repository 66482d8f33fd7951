package io.strata.delta.sqdelta2;

import io.strata.delta.DeltaException;
import io.strata.delta.sqdelta2.Segment.Kind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Codes the segments of the target's metadata, and the words before their blocks. */
final class SegmentWalk {
  private static final int MOST_SEGMENTS = 1 << 12;

  private final Residuals values;
  private final ImageModel source;
  private final int ways;
  private final long targetLength;
  private final Set<Kind> seen = EnumSet.noneOf(Kind.class);
  private long room = Limits.TABLES;
  private int lastWord = MetadataTable.METADATA_SIZE / 2;

  /**
   * A walk.
   *
   * @param ways how many ways of compression there are
   */
  SegmentWalk(Residuals values, ImageModel source, int ways, long targetLength) {
    this.values = values;
    this.source = source;
    this.ways = ways;
    this.targetLength = targetLength;
  }

  /**
   * Codes all segments.
   *
   * @param actual for writing, the segments
   * @param start where the first one starts in the target
   */
  List<PlannedSegment> run(List<PlannedSegment> actual, long start) throws DeltaException {
    int count = (int) values.number(Column.SEGMENTS, 0, actual.size(), MOST_SEGMENTS);
    List<PlannedSegment> segments = new ArrayList<>();
    long at = start;
    for (int i = 0; i < count; i++) {
      PlannedSegment segment = segment(values.reads() ? null : actual.get(i)).at(at);
      segments.add(segment);
      at = segment.end();
      if (at > targetLength) {
        throw new DeltaException("segment " + i + " ends at " + at + ", behind the target");
      }
    }
    return segments;
  }

  private PlannedSegment segment(@Nullable PlannedSegment actual) throws DeltaException {
    int form = actual == null ? 0 : 2 * actual.kind().ordinal() + (actual.raw() ? 1 : 0);
    form = (int) values.number(Column.SEGMENTS, 0, form, 2 * Kind.values().length - 1);
    Kind kind = Kind.values()[form / 2];
    boolean raw = (form & 1) != 0;
    if (!seen.add(kind) && kind != Kind.GAP) {
      throw new DeltaException("has two segments of " + kind);
    }
    long likely = source.table(kind).plain().length;
    long plainActual = actual == null ? 0 : actual.plainLength();
    int plain = (int) values.number(Column.SEGMENTS, likely, plainActual, Limits.TABLE);
    room -= plain;
    if (room < 0 || (!raw && mustBeRaw(kind))) {
      throw new DeltaException("has too much metadata, or does not say what it is");
    }
    int blocks = kind.hasBlocks() ? MetadataTable.blocks(plain) : 0;
    int[] words = new int[blocks];
    int[] blockWays = new int[blocks];
    for (int i = 0; i < blocks; i++) {
      words[i] = word(actual == null ? 0 : actual.words()[i], source.table(kind), i);
      if ((words[i] & MetadataTable.UNCOMPRESSED) == 0) {
        int way = actual == null ? 0 : actual.ways()[i];
        blockWays[i] = (int) values.number(Column.METADATA_HOW, 0, way, ways);
      }
    }
    return new PlannedSegment(kind, raw, plain, words, blockWays, 0);
  }

  /** What nothing else tells. */
  private static boolean mustBeRaw(Kind kind) {
    return switch (kind) {
      case IDS, XATTR_VALUES, XATTR_IDS, GAP -> true;
      default -> false;
    };
  }

  private int word(int actual, MetadataTable old, int block) throws DeltaException {
    int likely = block < old.words().length ? old.words()[block] : lastWord;
    lastWord = (int) values.number(Column.METADATA_STORED, likely, actual, 0xffff);
    int stored = MetadataTable.stored(lastWord);
    if (stored == 0 || stored > MetadataTable.METADATA_SIZE) {
      throw new DeltaException("a metadata block of " + stored + " bytes");
    }
    return lastWord;
  }
}
