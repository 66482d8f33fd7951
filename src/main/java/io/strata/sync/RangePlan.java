package io.strata.sync;

import io.strata.blocks.BlockIndex;
import io.strata.blocks.Part;
import io.strata.blocks.PartDigest;
import io.strata.store.Snapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How an image is put together from one that is here and what is fetched. Immutable.
 *
 * @param base the snapshot whose image is here
 * @param length of the new image in bytes
 * @param copies what comes from the base
 * @param fetches what comes from the mirror, in ascending order; they may take some of what could
 *     be copied, where a request more would cost more than these bytes
 */
record RangePlan(Snapshot base, long length, List<Copy> copies, List<Fetch> fetches) {
  /** Bytes that are rather fetched once more than asked around: about a round trip's worth. */
  private static final long SMALL_GAP = 1 << 15;

  /** The most requests. */
  private static final int MAX_FETCHES = 64;

  /** The largest share of the image for which this way is gone. */
  private static final double MAX_SHARE = 0.7;

  /** Bytes of the base, and where they go. */
  record Copy(long from, long to, long length) {}

  /** Bytes of the new image. */
  record Fetch(long from, long length) {
    long end() {
      return from + length;
    }
  }

  RangePlan {
    copies = List.copyOf(copies);
    fetches = List.copyOf(fetches);
  }

  /** Compares what is wanted with what is here. */
  static RangePlan of(Snapshot base, BlockIndex here, BlockIndex wanted) {
    Map<PartDigest, Part> known = new HashMap<>();
    here.parts().forEach(part -> known.putIfAbsent(part.digest(), part));
    List<Copy> copies = new ArrayList<>();
    List<Fetch> missing = new ArrayList<>();
    for (Part part : wanted.parts()) {
      Part same = known.get(part.digest());
      if (same != null && same.length() == part.length()) {
        copies.add(new Copy(same.offset(), part.offset(), part.length()));
      } else {
        missing.add(new Fetch(part.offset(), part.length()));
      }
    }
    return new RangePlan(base, wanted.length(), copies, merged(missing));
  }

  /** Few requests: those near each other are one, and of too many the nearest are. */
  private static List<Fetch> merged(List<Fetch> missing) {
    List<Long> gaps = new ArrayList<>();
    for (int i = 1; i < missing.size(); i++) {
      gaps.add(missing.get(i).from() - missing.get(i - 1).end());
    }
    gaps.sort(Comparator.reverseOrder());
    // As many gaps are left open as there are requests, but for one.
    long widest = gaps.size() >= MAX_FETCHES ? gaps.get(MAX_FETCHES - 1) : 0;
    long closed = Math.max(SMALL_GAP, widest);
    List<Fetch> merged = new ArrayList<>();
    for (Fetch next : missing) {
      Fetch last = merged.isEmpty() ? null : merged.getLast();
      if (last != null && next.from() - last.end() <= closed) {
        merged.set(merged.size() - 1, new Fetch(last.from(), next.end() - last.from()));
      } else {
        merged.add(next);
      }
    }
    return merged;
  }

  /** How many bytes are fetched. */
  long bytes() {
    return fetches.stream().mapToLong(Fetch::length).sum();
  }

  /** Whether so much is fetched that the whole image is as good. */
  boolean isTooMuch() {
    return bytes() > MAX_SHARE * length;
  }
}
