package io.strata.squashfs;

import io.strata.posix.NativeBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The slots that nobody uses: never used ones, which get their memory when first wanted, and those
 * with a block, the one used least recently first. Guarded by the lock of its {@link BlockCache}.
 */
final class SlotMemory {
  private static final int SLAB = 1 << 20;

  private final int blockSize;
  private final int capacity;
  private final ArrayDeque<CacheSlot> free = new ArrayDeque<>();
  private int allocated;
  private @Nullable CacheSlot newest;
  private @Nullable CacheSlot oldest;

  SlotMemory(int blockSize, int capacity) {
    this.blockSize = blockSize;
    this.capacity = capacity;
  }

  int capacity() {
    return capacity;
  }

  /** How many bytes of memory the slots have by now. */
  long bytes() {
    return (long) allocated * blockSize;
  }

  /** A free slot if there is one. */
  @Nullable CacheSlot takeFree() {
    if (free.isEmpty() && allocated < capacity) {
      allocate();
    }
    return free.poll();
  }

  /** Allocates many small slots at once: each piece of memory has its price. */
  private void allocate() {
    int slots = Math.min(Math.max(SLAB / blockSize, 1), capacity - allocated);
    NativeBuffer slab = NativeBuffer.allocate(slots * blockSize);
    for (int i = 0; i < slots; i++) {
      free.add(new CacheSlot(slab, i * blockSize));
    }
    allocated += slots;
  }

  /** Takes out the slot that was used least recently, with its block. */
  @Nullable CacheSlot takeOldest() {
    CacheSlot slot = oldest;
    if (slot != null) {
      unlink(slot);
    }
    return slot;
  }

  void addFree(CacheSlot slot) {
    free.add(slot);
  }

  void addNewest(CacheSlot slot) {
    slot.newer = null;
    slot.older = newest;
    if (newest == null) {
      oldest = slot;
    } else {
      newest.newer = slot;
    }
    newest = slot;
  }

  /** Moves a slot that was added last to the other end. */
  void makeOldest(CacheSlot slot) {
    unlink(slot);
    slot.newer = oldest;
    slot.older = null;
    if (oldest == null) {
      newest = slot;
    } else {
      oldest.older = slot;
    }
    oldest = slot;
  }

  void unlink(CacheSlot slot) {
    CacheSlot newer = slot.newer;
    CacheSlot older = slot.older;
    if (newer == null) {
      newest = older;
    } else {
      newer.older = older;
    }
    if (older == null) {
      oldest = newer;
    } else {
      older.newer = newer;
    }
    slot.newer = null;
    slot.older = null;
  }
}
