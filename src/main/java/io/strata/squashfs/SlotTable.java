package io.strata.squashfs;

import org.jspecify.annotations.Nullable;

/** The slots in use, by position and size word. Guarded by the lock of its {@link BlockCache}. */
final class SlotTable {
  private final @Nullable CacheSlot[] buckets;
  private final int mask;

  SlotTable(int slots) {
    int size = Integer.highestOneBit(Math.max(slots, 8)) << 1;
    this.buckets = new @Nullable CacheSlot[size];
    this.mask = size - 1;
  }

  @Nullable CacheSlot find(long position, int word) {
    CacheSlot slot = buckets[bucket(position)];
    while (slot != null && (slot.position != position || slot.word != word)) {
      slot = slot.hashNext;
    }
    return slot;
  }

  void add(CacheSlot slot) {
    int bucket = bucket(slot.position);
    slot.hashNext = buckets[bucket];
    buckets[bucket] = slot;
  }

  void remove(CacheSlot slot) {
    int bucket = bucket(slot.position);
    CacheSlot previous = null;
    CacheSlot at = buckets[bucket];
    while (at != null && at != slot) {
      previous = at;
      at = at.hashNext;
    }
    if (at == null) {
      return;
    }
    if (previous == null) {
      buckets[bucket] = slot.hashNext;
    } else {
      previous.hashNext = slot.hashNext;
    }
    slot.hashNext = null;
  }

  private int bucket(long position) {
    return (int) ((position * 0x9e3779b97f4a7c15L) >>> 32) & mask;
  }
}
