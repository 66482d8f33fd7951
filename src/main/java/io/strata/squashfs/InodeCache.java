package io.strata.squashfs;

import io.strata.squashfs.ImageStatistics.CacheCounts;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** Decoded inodes by reference, in pairs of places; a newer one displaces the older of its pair. */
final class InodeCache {
  private final AtomicReferenceArray<@Nullable Inode> inodes;
  private final int mask;
  private final CacheCounter counter = new CacheCounter();

  InodeCache(int entries) {
    int size = Integer.highestOneBit(Math.clamp(entries, 64, 1 << 24));
    this.inodes = new AtomicReferenceArray<>(size);
    this.mask = size - 1;
  }

  @Nullable Inode get(long reference) {
    Inode found = find(reference);
    if (found == null) {
      counter.miss();
    } else {
      counter.hit();
    }
    return found;
  }

  /** How it fared so far. */
  CacheCounts statistics() {
    return counter.counts();
  }

  private @Nullable Inode find(long reference) {
    int place = place(reference);
    Inode inode = inodes.get(place);
    if (inode != null && inode.reference() == reference) {
      return inode;
    }
    inode = inodes.get(place ^ 1);
    return inode != null && inode.reference() == reference ? inode : null;
  }

  void put(Inode inode) {
    int place = place(inode.reference());
    Inode older = inodes.get(place);
    if (older != null && older.reference() != inode.reference()) {
      inodes.set(place ^ 1, older);
    }
    inodes.set(place, inode);
  }

  private int place(long reference) {
    return (int) ((reference * 0x9e3779b97f4a7c15L) >>> 32) & mask & ~1;
  }
}
