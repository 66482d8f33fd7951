package io.strata.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.strata.store.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What an index no longer lists")
class RetentionTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
  private static final long IMAGE = 1000;

  private final Map<String, Long> sizes = new HashMap<>();
  private final Map<String, Instant> times = new HashMap<>();

  @Test
  @DisplayName("is nothing where all is kept and of use")
  void nothing() {
    assertEquals(
        Set.of(), unlisted(0, 0, "demo-1.sqfs", "demo-2.sqfs", "demo-1-2.sqdelta", "other-1.sqfs"));
  }

  @Test
  @DisplayName("are the oldest snapshots beyond those to keep, with what goes on from their names")
  void snapshots() {
    assertEquals(
        Set.of("demo-1.sqfs", "demo-1.sqfs.blocks", "demo-1.sqfs.sig"),
        unlisted(
            2,
            0,
            "demo-1.sqfs",
            "demo-1.sqfs.blocks",
            "demo-1.sqfs.sig",
            "demo-10.sqfs",
            "other-1.sqfs",
            "demo-overlay-1.sqfs",
            "demo-2.sqfs"));
  }

  @Test
  @DisplayName("are deltas to a snapshot that is not listed; those from one may be of use")
  void deltas() {
    assertEquals(
        Set.of("demo-1.sqfs", "demo-0-1.sqdelta", "demo-0-1.sqdelta2"),
        unlisted(
            2,
            0,
            "demo-1.sqfs",
            "demo-0-1.sqdelta",
            "demo-0-1.sqdelta2",
            "demo-2.sqfs",
            "demo-1-2.sqdelta",
            "demo-0-2.sqdelta",
            "demo-3.sqfs",
            "demo-2-3.sqdelta"));
  }

  @Test
  @DisplayName("are deltas that are too old, but those to the newest snapshot")
  void age() {
    times.put("demo-1-2.sqdelta", NOW.minus(Duration.ofDays(8)));
    times.put("demo-1-3.sqdelta", NOW.minus(Duration.ofDays(8)));
    times.put("demo-2-3.sqdelta", NOW.minus(Duration.ofDays(6)));
    assertEquals(
        Set.of("demo-1-2.sqdelta"),
        unlisted(
            0,
            7,
            "demo-1.sqfs",
            "demo-2.sqfs",
            "demo-1-2.sqdelta",
            "demo-3.sqfs",
            "demo-1-3.sqdelta",
            "demo-2-3.sqdelta"));
  }

  @Test
  @DisplayName("are deltas from which the way is too long in steps or bytes")
  void chains() {
    String[] chain = {
      "demo-1.sqfs",
      "demo-2.sqfs",
      "demo-3.sqfs",
      "demo-4.sqfs",
      "demo-5.sqfs",
      "demo-1-2.sqdelta",
      "demo-2-3.sqdelta",
      "demo-3-4.sqdelta",
      "demo-4-5.sqdelta"
    };
    assertEquals(Set.of("demo-1-2.sqdelta"), unlisted(0, 0, chain)); // chains of up to 3
    sizes.put("demo-4-5.sqdelta", 400L);
    sizes.put("demo-3-4.sqdelta", 299L);
    sizes.put("demo-2-3.sqdelta", 2L);
    assertEquals(Set.of("demo-1-2.sqdelta", "demo-2-3.sqdelta"), unlisted(0, 0, chain));
    sizes.put("demo-2-3.sqdelta", 1L);
    assertEquals(Set.of("demo-1-2.sqdelta"), unlisted(0, 0, chain));
  }

  @Test
  @DisplayName("are deltas that are on no way for clients of one format, nor for those of both")
  void formats() {
    sizes.put("demo-1-2.sqdelta", 690L);
    sizes.put("demo-2-3.sqdelta", 600L);
    sizes.put("demo-0-2.sqdelta", 695L);
    String[] listed = {
      "demo-1.sqfs",
      "demo-2.sqfs",
      "demo-3.sqfs",
      "demo-0-2.sqdelta",
      "demo-1-2.sqdelta",
      "demo-2-3.sqdelta",
      "demo-2-3.sqdelta2"
    };
    // Upstream's clients have no way from 1 within 700 bytes, but those of both formats have.
    assertEquals(Set.of("demo-0-2.sqdelta"), unlisted(0, 0, listed));
  }

  @Test
  @DisplayName("is nothing of other repositories, and of versions with hyphens what they mean")
  void names() {
    assertEquals(
        Set.of("demo-1-b.sqfs", "demo-0-1-b.sqdelta"),
        unlisted(
            2,
            0,
            "demo-overlay-1-2.sqdelta",
            "demo-2nd-1-7.sqdelta",
            "other-1-2.sqdelta",
            "demo-1-b.sqfs",
            "demo-0-1-b.sqdelta", // from "0" to "1-b", or from "0-1" to "b"
            "demo-2.sqfs",
            "demo-1-b-2.sqdelta",
            "demo-3.sqfs",
            "demo-2-3.sqdelta"));
  }

  /** Of 0, all is kept; the last image is the newest snapshot's. */
  private Set<String> unlisted(int snapshots, int days, String... listed) {
    List<Snapshot> all = MirrorIndex.snapshots("demo", List.of(listed));
    RetentionOptions keep =
        new RetentionOptions(
            snapshots == 0 ? OptionalInt.empty() : OptionalInt.of(snapshots),
            days == 0 ? OptionalInt.empty() : OptionalInt.of(days),
            Duration.ZERO);
    Retention.Facts facts =
        new Retention.Facts() {
          @Override
          public long size(String name) {
            return name.endsWith(".sqfs") ? IMAGE : sizes.getOrDefault(name, 10L);
          }

          @Override
          public Instant modified(String name) {
            return times.getOrDefault(name, NOW);
          }
        };
    return new Retention(all.getLast(), keep, new DeltaOptions(7, 0.7, 3), facts)
        .unlisted(List.of(listed), NOW);
  }
}
