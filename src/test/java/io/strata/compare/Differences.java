package io.strata.compare;

import java.util.ArrayList;
import java.util.List;

/** Collects what differs, and counts what was compared. */
final class Differences {
  private static final int MAX_SHOWN = 100;

  private final List<String> shown = new ArrayList<>();
  private long count;
  private long entries;
  private long bytes;

  void add(String path, String what) {
    count++;
    if (shown.size() < MAX_SHOWN) {
      shown.add((path.isEmpty() ? "/" : path) + ": " + what);
    }
  }

  void addUnlessEqual(String path, String what, Object left, Object right) {
    if (!left.equals(right)) {
      add(path, what + " " + left + " and " + right);
    }
  }

  void countEntry() {
    entries++;
  }

  void countBytes(long more) {
    bytes += more;
  }

  TreeComparison.Result result() {
    return new TreeComparison.Result(entries, bytes, count, List.copyOf(shown));
  }
}
