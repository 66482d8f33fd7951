package io.strata.sync;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * One way that was considered.
 *
 * @param way what it is
 * @param file what it downloads, by its name on the mirror; empty if nothing
 * @param bytes how much that is; empty where the mirror does not say
 * @param obstacle why it can't be gone; empty if it can
 */
public record Candidate(
    Way way, Optional<String> file, OptionalLong bytes, Optional<String> obstacle) {

  static Candidate withoutDownload(Way way) {
    return new Candidate(way, Optional.empty(), OptionalLong.of(0), Optional.empty());
  }

  static Candidate download(Way way, String file, OptionalLong bytes) {
    return new Candidate(way, Optional.of(file), bytes, Optional.empty());
  }

  static Candidate barred(Way way, String file, String obstacle) {
    return new Candidate(way, Optional.of(file), OptionalLong.empty(), Optional.of(obstacle));
  }

  /** Whether it can be gone. */
  public boolean isOpen() {
    return obstacle.isEmpty();
  }
}
