package io.strata.mount;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.strata.fuse.ServiceTimes;
import io.strata.fuse.Statistics;
import io.strata.fuse.Statistics.Operation;
import io.strata.squashfs.BlockStatistics;
import io.strata.squashfs.ImageStatistics;
import io.strata.squashfs.ImageStatistics.CacheCounts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What a server counted")
class CountsTableTest {
  private static final ImageStatistics IMAGE =
      new ImageStatistics(
          new BlockStatistics(11, 12, 13, 14, 15, 16, 17),
          new CacheCounts(21, 22),
          new CacheCounts(31, 32));

  private static Operation timed(long requests, long total, long longest, int... classes) {
    List<Long> histogram = new ArrayList<>(Collections.nCopies(40, 0L));
    for (int each : classes) {
      histogram.set(each, histogram.get(each) + 1);
    }
    return new Operation(requests, 1, 4096, new ServiceTimes(total, longest, histogram));
  }

  private static SortedMap<String, Long> counts(Map<String, Operation> operations) {
    SortedMap<String, Long> sent = new TreeMap<>(Map.of("STORE", 4L, "INVAL_INODE", 1L));
    return Counts.of(new Statistics(new TreeMap<>(operations), sent, 4096, 0), IMAGE);
  }

  @Test
  @DisplayName("has a line for each opcode, the most frequent first, with times")
  void withTimes() {
    // 100 us and 3 us are of the classes 16 (65,536 ns and more) and 11 (2,048 ns and more)
    Operation read = timed(2, 103_000, 100_000, 16, 11);
    Operation lookup = timed(3, 6_000, 2_500, 10, 10, 11);
    List<String> lines = new CountsTable(counts(Map.of("READ", read, "LOOKUP", lookup))).lines();
    assertEquals(
        List.of(
            "request               count   errors          bytes   seconds   mean us  median <"
                + "     99% <   most us",
            "LOOKUP                    3        1           4096     0.000       2.0       2.0"
                + "       4.1       2.5",
            "READ                      2        1           4096     0.000      51.5       4.1"
                + "     131.1     100.0",
            "notifications  INVAL_INODE 1, STORE 4",
            "blocks         11 hits, 12 misses, 13 waits, 14 loaded",
            "read-ahead     15 blocks, 16 used, 17 lost",
            "metadata       21 hits, 22 misses",
            "inodes         31 hits, 32 misses"),
        lines);
  }

  @Test
  @DisplayName("has no times where none were measured")
  void withoutTimes() {
    Operation read = new Operation(5, 0, 77, ServiceTimes.NONE);
    SortedMap<String, Long> counts = counts(Map.of("READ", read));
    assertFalse(counts.keySet().stream().anyMatch(name -> name.contains("nanos")));
    assertFalse(counts.containsKey("errors.READ"));
    List<String> lines = new CountsTable(counts).lines();
    assertEquals("request               count   errors          bytes", lines.get(0));
    assertEquals("READ                      5        0             77", lines.get(1));
  }

  @Test
  @DisplayName("is there of a mount that was asked nothing")
  void nothing() {
    Statistics none =
        new Statistics(Collections.emptySortedMap(), Collections.emptySortedMap(), 0, 0);
    List<String> lines = new CountsTable(Counts.of(none, ImageStatistics.NONE)).lines();
    assertEquals("notifications  0", lines.get(1));
    assertEquals("read-ahead     0 blocks, 0 used, 0 lost", lines.get(3));
  }

  @Test
  @DisplayName("adds up the images of a union")
  void sums() {
    ImageStatistics both = IMAGE.plus(IMAGE).plus(ImageStatistics.NONE);
    assertEquals(new BlockStatistics(22, 24, 26, 28, 30, 32, 34), both.blocks());
    assertEquals(new CacheCounts(42, 44), both.metadata());
    assertEquals(new CacheCounts(62, 64), both.inodes());
  }
}
