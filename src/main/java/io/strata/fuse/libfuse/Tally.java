package io.strata.fuse.libfuse;

import io.strata.fuse.Counters;
import io.strata.fuse.Statistics;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What all threads of a mount have counted. Thread-safe. */
final class Tally {
  private final boolean timed;
  private final List<Counters> all = new CopyOnWriteArrayList<>();

  /**
   * @param timed whether to measure how long requests take
   */
  Tally(boolean timed) {
    this.timed = timed;
  }

  /** For one more thread. */
  Counters counters() {
    Counters counters = new Counters(timed);
    all.add(counters);
    return counters;
  }

  Statistics statistics() {
    Counters sum = new Counters(timed);
    all.forEach(sum::addAll);
    return sum.statistics(Opcode::name, Collections.emptySortedMap());
  }
}
