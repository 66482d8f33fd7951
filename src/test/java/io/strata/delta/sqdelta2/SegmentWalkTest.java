package io.strata.delta.sqdelta2;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.strata.delta.DeltaException;
import io.strata.delta.sqdelta2.Segment.Kind;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The segments of a target")
class SegmentWalkTest {
  private static final int LARGE = 110 << 20;

  @TempDir Path directory;

  private static List<PlannedSegment> segments(Kind... kinds) {
    List<PlannedSegment> segments = new ArrayList<>();
    for (Kind kind : kinds) {
      int[] words = new int[MetadataTable.blocks(LARGE)];
      Arrays.fill(words, 100);
      segments.add(new PlannedSegment(kind, false, LARGE, words, new int[words.length], 0));
    }
    return segments;
  }

  private List<PlannedSegment> run(Residuals values, List<PlannedSegment> actual) throws Exception {
    try (FileChannel image = FileChannel.open(SmallTrees.image(directory, 0, ""))) {
      return new SegmentWalk(values, ImageModel.read(image), 1, 1L << 40).run(actual, 96);
    }
  }

  @Test
  @DisplayName("may be tables of 110 MiB each, as an image of two million inodes has them")
  void large() throws Exception {
    ResidualWriter out = new ResidualWriter();
    List<PlannedSegment> segments = segments(Kind.INODES, Kind.DIRECTORIES, Kind.EXPORT);
    List<PlannedSegment> written = run(out, segments);
    List<PlannedSegment> read = run(new ResidualReader(out.contents()), List.of());
    assertEquals(3, read.size());
    for (int i = 0; i < 3; i++) {
      assertEquals(segments.get(i).kind(), read.get(i).kind());
      assertEquals(LARGE, read.get(i).plainLength());
      assertEquals(written.get(i).end(), read.get(i).end());
      assertArrayEquals(segments.get(i).words(), read.get(i).words());
    }
  }

  @Test
  @DisplayName("are refused where they have more than all tables may")
  void tooLarge() {
    List<PlannedSegment> segments =
        segments(Kind.INODES, Kind.DIRECTORIES, Kind.EXPORT, Kind.FRAGMENTS);
    assertThrows(DeltaException.class, () -> run(new ResidualWriter(), segments));
  }
}
