package io.strata.delta.sqdelta2;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Finds copies in which some bytes differ, as a program built anew has them: its code is the same
 * but for addresses. The idea is Colin Percival's ("Naive differences of executable code", 2003): a
 * copy goes on over what differs until another place has much more of what follows, and then is cut
 * where its bytes stop agreeing more often than not.
 */
final class CopyFinder {
  private static final int SEED = Long.BYTES;
  private static final int TRIES = 24;
  private static final int LONG_ENOUGH = 1 << 10;

  /** Bytes that another place must have more than the copy that is open. */
  private static final int GAIN = 8;

  /** Bytes that must agree in a copy; a shorter one costs more than its bytes. */
  private static final int WORTH = 12;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[] old;
  private final byte[] now;
  private final int[] newest;
  private final int[] before;

  private final IntStream.Builder starts = IntStream.builder();
  private final IntStream.Builder sources = IntStream.builder();
  private final IntStream.Builder lengths = IntStream.builder();

  /** Where the open copy starts in the new and in the old content. */
  private int at;

  private int from;

  /** Where something like the new content at {@code scan} is in the old one, and how long. */
  private int scan;

  private int found;
  private int foundLength;

  private CopyFinder(byte[] old, byte[] now) {
    this.old = old;
    this.now = now;
    int log = Math.max(Integer.SIZE - Integer.numberOfLeadingZeros(old.length), 8);
    this.newest = new int[1 << Math.min(log, 20)];
    this.before = new int[old.length];
    Arrays.fill(newest, -1);
    for (int i = 0; i + SEED <= old.length; i++) {
      long seed = (long) LONGS.get(old, i);
      if (seed != 0) { // there is much of nothing, and it costs nothing
        int slot = slot(seed);
        before[i] = newest[slot];
        newest[slot] = i;
      }
    }
  }

  /** The copies that {@code now} has of {@code old}. */
  static Copies find(byte[] old, byte[] now) {
    return new CopyFinder(old, now).find();
  }

  private Copies find() {
    while (scan < now.length) {
      nextPlace();
      close();
    }
    return new Copies(
        starts.build().toArray(), sources.build().toArray(), lengths.build().toArray());
  }

  private int slot(long seed) {
    return (int) ((seed * 0x9e3779b97f4a7c15L) >>> 40) & (newest.length - 1);
  }

  /** Goes on to where another place has more than the open copy, or to the end. */
  private void nextPlace() {
    scan += foundLength;
    int counted = scan;
    int agreeing = 0; // bytes of the open copy, from scan to counted
    while (scan < now.length) {
      search();
      for (; counted < scan + foundLength; counted++) {
        agreeing += agrees(counted) ? 1 : 0;
      }
      if (foundLength > 0 && foundLength == agreeing) {
        scan += foundLength;
        counted = scan;
        agreeing = 0;
      } else if (foundLength > agreeing + GAIN) {
        return;
      } else {
        agreeing -= counted > scan && agrees(scan) ? 1 : 0;
        scan++;
        counted = Math.max(counted, scan);
      }
    }
    foundLength = 0;
    found = 0;
  }

  /** Whether a byte is that of the open copy. */
  private boolean agrees(int i) {
    int place = i + from - at;
    return place >= 0 && place < old.length && old[place] == now[i];
  }

  /** The place with most of the bytes from {@code scan} on; that of the open copy, if none more. */
  private void search() {
    found = scan + from - at;
    foundLength = found >= 0 && found < old.length ? common(found) : 0;
    if (scan + SEED > now.length) {
      return;
    }
    long seed = (long) LONGS.get(now, scan);
    int place = seed == 0 ? -1 : newest[slot(seed)];
    for (int i = 0; i < TRIES && place >= 0 && foundLength < LONG_ENOUGH; i++) {
      if ((long) LONGS.get(old, place) == seed) {
        int length = common(place);
        if (length > foundLength) {
          found = place;
          foundLength = length;
        }
      }
      place = before[place];
    }
  }

  /** How many bytes agree from {@code place} and {@code scan} on. */
  private int common(int place) {
    int most = Math.min(old.length - place, now.length - scan);
    int n = Arrays.mismatch(old, place, place + most, now, scan, scan + most);
    return n < 0 ? most : n;
  }

  /** Ends the open copy before {@code scan}, and opens the one that was found. */
  private void close() {
    int length = forward();
    int back = scan < now.length ? backward() : 0;
    int overlap = at + length - (scan - back);
    if (overlap > 0) {
      int kept = split(at + length - overlap, overlap);
      length += kept - overlap;
      back -= kept;
    }
    add(length);
    at = scan - back;
    from = found - back;
  }

  private void add(int length) {
    int agreeing = 0;
    for (int i = at; i < at + length; i++) {
      agreeing += agrees(i) ? 1 : 0;
    }
    if (agreeing >= WORTH) {
      starts.add(at);
      sources.add(from);
      lengths.add(length);
    }
  }

  /** How far the open copy is worth going on: to where it has most agreement for its length. */
  private int forward() {
    int best = 0;
    int bestScore = 0;
    int score = 0;
    for (int i = at; i < scan && i + from - at < old.length; i++) {
      score += agrees(i) ? 1 : -1;
      if (score > bestScore) {
        bestScore = score;
        best = i + 1 - at;
      }
    }
    return best;
  }

  /** How far the found place agrees with what is before it. */
  private int backward() {
    int best = 0;
    int bestScore = 0;
    int score = 0;
    for (int i = 1; scan - i >= at && found - i >= 0; i++) {
      score += old[found - i] == now[scan - i] ? 1 : -1;
      if (score > bestScore) {
        bestScore = score;
        best = i;
      }
    }
    return best;
  }

  /** How many of the bytes that both copies claim are better left to the first one. */
  private int split(int start, int overlap) {
    int best = 0;
    int bestScore = 0;
    int score = 0;
    for (int i = 0; i < overlap; i++) {
      score += agrees(start + i) ? 1 : 0;
      score -= old[start + i + found - scan] == now[start + i] ? 1 : 0;
      if (score > bestScore) {
        bestScore = score;
        best = i + 1;
      }
    }
    return best;
  }
}
