package io.strata.sync;

import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts the files that mirrors sent and that were not what the index says. Thread-safe. */
final class Blame {
  /** After so many a mirror is not asked for files any more. */
  private static final int MOST = 4;

  private final Map<URI, Integer> counts = new ConcurrentHashMap<>();

  /** One more; gives how many there are now. */
  int add(Mirror mirror) {
    return counts.merge(mirror.address(""), 1, Integer::sum);
  }

  boolean isTooMuch(Mirror mirror) {
    return counts.getOrDefault(mirror.address(""), 0) >= MOST;
  }
}
