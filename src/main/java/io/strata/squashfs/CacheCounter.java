package io.strata.squashfs;

import io.strata.squashfs.ImageStatistics.CacheCounts;
import java.util.concurrent.atomic.LongAdder;

/** Counts how a cache fares, without a lock. Thread-safe. */
final class CacheCounter {
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();

  void hit() {
    hits.increment();
  }

  void miss() {
    misses.increment();
  }

  CacheCounts counts() {
    return new CacheCounts(hits.sum(), misses.sum());
  }
}
