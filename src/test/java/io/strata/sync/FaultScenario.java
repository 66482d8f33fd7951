package io.strata.sync;

import java.util.List;

/** What is being done when a process is killed or a disk fails, and what was done before. */
enum FaultScenario {
  FIRST("first sync", List.of(), "1", "sync", "guru"),
  DELTA("delta", List.of("1"), "2", "sync", "guru"),
  CHAIN("chain", List.of("1"), "3", "sync", "guru"),
  FULL("full image", List.of("1", "2"), "4", "sync", "guru"),
  RANGES("ranges", List.of("5"), "6", "sync", "guru"),
  ROLLBACK("rollback", List.of("1", "2"), "2", "rollback", "guru"),
  UNDO("rollback --undo", List.of("1", "2"), "2", "rollback", "--undo", "guru"),
  GC("gc", List.of("1", "2", "4"), "4", "gc", "--keep", "1");

  final String words;

  /** The versions that were synced before. */
  final List<String> synced;

  /** What the mirror then has. */
  final String newest;

  final List<String> verb;

  FaultScenario(String words, List<String> synced, String newest, String... verb) {
    this.words = words;
    this.synced = synced;
    this.newest = newest;
    this.verb = List.of(verb);
  }

  boolean rollsBack() {
    return this == ROLLBACK || this == UNDO;
  }
}
