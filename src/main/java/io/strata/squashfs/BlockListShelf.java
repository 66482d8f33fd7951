package io.strata.squashfs;

import org.jspecify.annotations.Nullable;

/**
 * The block lists that remember where blocks lie: the last so many, so that the memory of all of
 * them together is bounded, at 8 MiB. Thread-safe; takes the lock of a list only without its own.
 */
final class BlockListShelf {
  private static final int PLACES = 128;

  private final @Nullable BlockList[] lists = new @Nullable BlockList[PLACES]; // guarded by this
  private int next; // guarded by this

  /** Adds a list; the one that was added longest ago forgets. */
  void add(BlockList list) {
    BlockList displaced = exchange(list);
    if (displaced != null) {
      displaced.forget();
    }
  }

  private synchronized @Nullable BlockList exchange(BlockList list) {
    BlockList displaced = lists[next];
    lists[next] = list;
    next = (next + 1) % PLACES;
    return displaced == list ? null : displaced;
  }
}
