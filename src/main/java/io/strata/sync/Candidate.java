package io.strata.sync;

import io.strata.store.Snapshot;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One way that was considered.
 *
 * @param way what it is
 * @param path the snapshots that it leads over: an image here, those between, the newest; empty
 *     where it uses no image here
 * @param files what it downloads, by their names on the mirror, in order
 * @param bytes how much that is, less what of it is here already; empty where the mirror does not
 *     say
 * @param obstacle why it can't be gone; empty if it can
 */
public record Candidate(
    Way way,
    List<Snapshot> path,
    List<String> files,
    OptionalLong bytes,
    Optional<Obstacle> obstacle) {

  /** Takes copies, so that the value never changes. */
  public Candidate {
    path = List.copyOf(path);
    files = List.copyOf(files);
  }

  /** Whether it can be gone. */
  public boolean isOpen() {
    return obstacle.isEmpty();
  }

  static Candidate withoutDownload(Way way) {
    return new Candidate(way, List.of(), List.of(), OptionalLong.of(0), Optional.empty());
  }

  static Candidate full(String image, OptionalLong bytes) {
    return new Candidate(Way.FULL, List.of(), List.of(image), bytes, Optional.empty());
  }

  /** By deltas; a single one is no chain. */
  static Candidate deltas(List<Snapshot> path, List<String> files, OptionalLong bytes) {
    Way way = files.size() == 1 ? Way.DELTA : Way.CHAIN;
    return new Candidate(way, path, files, bytes, Optional.empty());
  }

  /** By the parts that are not here. */
  static Candidate ranges(List<Snapshot> path, List<String> files, OptionalLong bytes) {
    return new Candidate(Way.RANGES, path, files, bytes, Optional.empty());
  }

  Candidate barredBy(Obstacle why) {
    return new Candidate(way, path, files, bytes, obstacle.or(() -> Optional.of(why)));
  }
}
