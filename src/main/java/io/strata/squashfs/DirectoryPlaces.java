package io.strata.squashfs;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Where each directory was met first: in which directory, under which name. A directory has one
 * place; one that turns up in a second makes a loop, or a tree whose paths multiply without end.
 *
 * <p>Takes 8 to 32 bytes for each directory that was met. Thread-safe; one lock, its own.
 */
final class DirectoryPlaces {
  /** What is known of a place. */
  enum Answer {
    /** This is the directory's place. */
    RIGHT,
    /** It was met elsewhere. */
    WRONG,
    /** It was not met, and as many others were as are remembered. */
    UNKNOWN
  }

  /** How many directories are remembered: 16 MiB. */
  static final int MAX = 1 << 20;

  private static final int FIRST_SIZE = 256;
  private static final int TAG_BITS = 16;

  private final int max;

  /** Makes tags that no image can foresee. */
  private final long salt = new SplittableRandom().nextLong();

  // A directory's reference, 48 bits, and the tag of its place, which is never 0.
  private long[] places = new long[FIRST_SIZE]; // guarded by this
  private int count; // guarded by this

  DirectoryPlaces(int max) {
    this.max = max;
  }

  /** Whether {@code directory} may be where the entry stands. */
  Answer place(long directory, DirectoryCursor entry) {
    long tag = tag(entry);
    synchronized (this) {
      int at = find(places, directory);
      if (places[at] != 0) {
        return places[at] == (directory << TAG_BITS | tag) ? Answer.RIGHT : Answer.WRONG;
      }
      if (count == max) {
        return Answer.UNKNOWN;
      }
      places[at] = directory << TAG_BITS | tag;
      count++;
      if (count > places.length / 2) {
        grow();
      }
      return Answer.RIGHT;
    }
  }

  private long tag(DirectoryCursor entry) {
    long hash = salt ^ entry.directory().reference();
    for (int i = 0; i < entry.nameLength(); i++) {
      hash = (hash ^ entry.nameBytes()[i]) * 0x9e3779b97f4a7c15L;
      hash ^= hash >>> 29;
    }
    long tag = hash >>> (Long.SIZE - TAG_BITS);
    return tag == 0 ? 1 : tag;
  }

  private static int find(long[] table, long directory) {
    int mask = table.length - 1;
    int at = (int) ((directory * 0x9e3779b97f4a7c15L) >>> 32) & mask;
    while (table[at] != 0 && table[at] >>> TAG_BITS != directory) {
      at = at + 1 & mask;
    }
    return at;
  }

  private void grow() {
    long[] larger = new long[places.length * 2];
    Arrays.stream(places)
        .filter(place -> place != 0)
        .forEach(place -> larger[find(larger, place >>> TAG_BITS)] = place);
    places = larger;
  }
}
