package io.strata.delta.sqdelta2;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * Finds places of the old content that new content is like. Hashes of 64 bytes are taken wherever
 * the bytes themselves say so, so that both contents are sampled at the same places however they
 * are shifted.
 */
final class Samples {
  private static final int SMALLEST_STEP_LOG = 5;
  private static final int MOST = 1 << 20;
  private static final int FEWEST = 1 << 10;
  private static final int NONE = -1;
  private static final long[] GEAR = gear();

  private final int stepLog;
  private final long[] keys;
  private final int[] tiles;
  private int count;

  /**
   * No samples yet.
   *
   * @param contentLength bytes that will be added, roughly
   */
  Samples(long contentLength) {
    int log = SMALLEST_STEP_LOG;
    while (contentLength >>> log > MOST) {
      log++;
    }
    this.stepLog = log;
    int expected = (int) Math.max(contentLength >>> log, FEWEST);
    this.keys = new long[4 * Integer.highestOneBit(expected)];
    this.tiles = new int[keys.length];
    Arrays.fill(tiles, NONE);
  }

  /** 256 numbers without a pattern: the first ones of SplitMix64. */
  private static long[] gear() {
    long[] gear = new long[256];
    for (int i = 0; i < gear.length; i++) {
      long z = (i + 1) * 0x9e3779b97f4a7c15L;
      z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
      z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
      gear[i] = z ^ (z >>> 31);
    }
    return gear;
  }

  /** Bytes for which there is one sample, on average. */
  int step() {
    return 1 << stepLog;
  }

  /** Tells the samples of a content, from index 0 to the limit. */
  void of(ByteBuffer content, LongConsumer listener) {
    long hash = 0;
    long last = 0;
    for (int i = 0; i < content.limit(); i++) {
      hash = (hash << 1) + GEAR[content.get(i) & 0xff];
      if (hash >>> (Long.SIZE - stepLog) == 0 && hash != last) {
        last = hash;
        listener.accept(hash);
      }
    }
  }

  /** Adds a sample; of several tiles that have it the lowest counts. */
  synchronized void add(long key, int tile) {
    int at = slot(key);
    if (tiles[at] == NONE && count < keys.length * 3 / 4) {
      keys[at] = key;
      tiles[at] = tile;
      count++;
    } else if (tiles[at] > tile) {
      tiles[at] = tile;
    }
  }

  /** The tile that has this sample, or -1. */
  int tile(long key) {
    return tiles[slot(key)];
  }

  private int slot(long key) {
    int at = (int) ((key * 0x9e3779b97f4a7c15L) >>> 40) & (keys.length - 1);
    while (tiles[at] != NONE && keys[at] != key) {
      at = (at + 1) & (keys.length - 1);
    }
    return at;
  }
}
