package io.strata.squashfs;

import io.strata.squashfs.ImageStatistics.CacheCounts;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Decoded metadata blocks by position; a fixed number of them, in sets of four.
 *
 * <p>A hit takes no lock and allocates nothing. A miss holds the lock of its set while it decodes,
 * so that each block is decoded once however many threads want it.
 */
final class MetadataCache {
  private static final int WAYS = 4;
  private static final int MIN_BLOCKS = 8;

  private final MetadataReader reader;
  private final AtomicReferenceArray<@Nullable MetadataBlock> blocks;
  private final Object[] locks;
  private final int[] victims; // by set, guarded by its lock: the way to be replaced next
  private final int mask;
  private final CacheCounter counter = new CacheCounter();

  MetadataCache(MetadataReader reader, long budget) {
    this.reader = reader;
    long wanted = Math.clamp(budget / MetadataBlock.SQUASHFS_METADATA_SIZE, MIN_BLOCKS, 1 << 20);
    int sets = Integer.highestOneBit((int) wanted / WAYS);
    this.blocks = new AtomicReferenceArray<>(sets * WAYS);
    this.locks = new Object[sets];
    for (int i = 0; i < sets; i++) {
      locks[i] = new Object();
    }
    this.victims = new int[sets];
    this.mask = sets - 1;
  }

  /** The decoded block at {@code position} of the table {@code name} that ends at {@code end}. */
  MetadataBlock get(String name, long position, long end) throws IOException {
    int set = setOf(position);
    MetadataBlock block = find(set, position);
    if (block == null) {
      counter.miss();
      return load(set, name, position, end);
    }
    counter.hit();
    return block;
  }

  /** How it fared so far. */
  CacheCounts statistics() {
    return counter.counts();
  }

  private MetadataBlock load(int set, String name, long position, long end) throws IOException {
    synchronized (locks[set]) {
      MetadataBlock block = find(set, position);
      if (block == null) {
        block = reader.read(name, position, end);
        blocks.set(set * WAYS + victims[set], block);
        victims[set] = (victims[set] + 1) % WAYS;
      }
      return block;
    }
  }

  private @Nullable MetadataBlock find(int set, long position) {
    for (int i = set * WAYS; i < (set + 1) * WAYS; i++) {
      MetadataBlock block = blocks.get(i);
      if (block != null && block.position() == position) {
        return block;
      }
    }
    return null;
  }

  private int setOf(long position) {
    long mixed = position * 0x9e3779b97f4a7c15L;
    return (int) (mixed >>> 40) & mask;
  }
}
