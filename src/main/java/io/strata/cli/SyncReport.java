package io.strata.cli;

import io.strata.store.Snapshot;
import io.strata.sync.Candidate;
import io.strata.sync.SyncPlan;
import io.strata.sync.SyncResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Plans and results of a sync as lines on stdout. */
final class SyncReport {
  private SyncReport() {}

  /** The plan: a headline, then a line for each way, that of the choice marked with {@code *}. */
  static List<String> plan(SyncPlan plan) {
    List<String> lines = new ArrayList<>();
    lines.add(journey(plan.from(), plan.to()) + " from " + plan.mirror());
    for (Candidate candidate : plan.candidates()) {
      boolean chosen = plan.choice().equals(Optional.of(candidate));
      lines.add((chosen ? "  * " : "    ") + candidate(candidate));
    }
    return lines;
  }

  /**
   * What was done, in a line: from, to, way, bytes, those that were saved against the whole image,
   * seconds.
   */
  static String result(SyncOutcome outcome) {
    SyncResult result = outcome.result().orElseThrow();
    return String.format(
        Locale.ROOT,
        "%s: %s, %d bytes, %d saved, %.1f s",
        journey(result.from(), result.to()),
        result.way().words(),
        result.bytes(),
        outcome.savedBytes(),
        result.time().toMillis() / 1000.0);
  }

  private static String candidate(Candidate candidate) {
    String files = candidate.files().isEmpty() ? "" : " " + String.join(", ", candidate.files());
    String what = candidate.way().words() + files + ": ";
    if (candidate.obstacle().isPresent()) {
      return what + "not possible: " + candidate.obstacle().get().why();
    }
    return what
        + (candidate.bytes().isPresent()
            ? candidate.bytes().getAsLong() + " bytes"
            : "the mirror does not say how many bytes");
  }

  private static String journey(Optional<Snapshot> from, Snapshot to) {
    String target = to.version();
    if (from.equals(Optional.of(to))) {
      return to.repository() + ": " + target;
    }
    return to.repository() + ": " + from.map(Snapshot::version).orElse("nothing") + " -> " + target;
  }
}
