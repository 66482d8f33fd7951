package io.strata.sync;

import io.strata.blocks.BlockIndex;
import io.strata.blocks.Part;
import io.strata.blocks.PartDigest;
import io.strata.store.Snapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How an image is put together from one that is here and what is fetched. Immutable.
 *
 * @param base the snapshot whose image is here
 * @param key the SHA-512 of the block index
 * @param length of the new image in bytes
 * @param copies what comes from the base
 * @param fetches what comes from the mirror, in ascending order; they may have some of what could
 *     be copied, where a request more would cost more than these bytes
 */
record RangePlan(Snapshot base, String key, long length, List<Copy> copies, List<Fetch> fetches) {
  /** Bytes that are rather fetched once more than asked around: about a round trip's worth. */
  private static final long SMALL_GAP = 1 << 15;

  /** The most requests. */
  private static final int MAX_FETCHES = 256;

  /** The largest share of the image for which this way is gone. */
  private static final double MAX_SHARE = 0.7;

  /** Bytes of the base, and where they go. */
  record Copy(long from, long to, long length) {}

  /**
   * Bytes of the new image.
   *
   * @param parts that lie one behind the other, one or more
   */
  record Fetch(List<Part> parts) {
    Fetch {
      parts = List.copyOf(parts);
    }

    long from() {
      return parts.getFirst().offset();
    }

    long end() {
      return parts.getLast().end();
    }

    long length() {
      return end() - from();
    }
  }

  /** A run of parts by their numbers, the second one not included. */
  private record Run(int from, int end) {}

  RangePlan {
    copies = List.copyOf(copies);
    fetches = List.copyOf(fetches);
  }

  /**
   * Compares what is wanted with what is here.
   *
   * @param done the parts that an earlier sync has put in place already, by their numbers
   */
  static RangePlan of(Snapshot base, BlockIndex here, String key, BlockIndex wanted, BitSet done) {
    Map<PartDigest, Part> known = new HashMap<>();
    here.parts().forEach(part -> known.putIfAbsent(part.digest(), part));
    List<Part> parts = wanted.parts();
    List<Run> missing = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      if (!done.get(i) && source(parts.get(i), known) == null) {
        missing.add(new Run(i, i + 1));
      }
    }
    BitSet coming = (BitSet) done.clone();
    List<Fetch> fetches = new ArrayList<>();
    for (Run run : merged(missing, parts)) {
      coming.set(run.from(), run.end());
      fetches.add(new Fetch(parts.subList(run.from(), run.end())));
    }
    List<Copy> copies = new ArrayList<>();
    for (int i = coming.nextClearBit(0); i < parts.size(); i = coming.nextClearBit(i + 1)) {
      Part part = parts.get(i);
      Part same = source(part, known);
      if (same != null) {
        copies.add(new Copy(same.offset(), part.offset(), part.length()));
      }
    }
    return new RangePlan(base, key, wanted.length(), copies, fetches);
  }

  private static @Nullable Part source(Part wanted, Map<PartDigest, Part> known) {
    Part same = known.get(wanted.digest());
    return same != null && same.length() == wanted.length() ? same : null;
  }

  /** Few requests: those near each other are one, and of too many the nearest are. */
  private static List<Run> merged(List<Run> missing, List<Part> parts) {
    long[] gaps = new long[Math.max(0, missing.size() - 1)];
    for (int i = 0; i < gaps.length; i++) {
      gaps[i] = gap(missing.get(i), missing.get(i + 1), parts);
    }
    Arrays.sort(gaps);
    // As many gaps are left open as there are requests, but for one.
    long widest = gaps.length >= MAX_FETCHES ? gaps[gaps.length - MAX_FETCHES] : 0;
    long closed = Math.max(SMALL_GAP, widest);
    List<Run> merged = new ArrayList<>();
    for (Run next : missing) {
      Run last = merged.isEmpty() ? null : merged.getLast();
      if (last != null && gap(last, next, parts) <= closed) {
        merged.set(merged.size() - 1, new Run(last.from(), next.end()));
      } else {
        merged.add(next);
      }
    }
    return merged;
  }

  private static long gap(Run one, Run next, List<Part> parts) {
    return parts.get(next.from()).offset() - parts.get(one.end() - 1).end();
  }

  /** How many bytes are fetched. */
  long bytes() {
    return fetches.stream().mapToLong(Fetch::length).sum();
  }

  /** How many bytes are written: what is in place already is not. */
  long written() {
    return bytes() + copies.stream().mapToLong(Copy::length).sum();
  }

  /**
   * Whether so much is fetched that the whole image is as good.
   *
   * @param more bytes that come beside those of the image
   */
  boolean isTooMuch(long more) {
    return bytes() + more > MAX_SHARE * length;
  }
}
