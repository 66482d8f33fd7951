package io.strata.delta.sqdelta2;

import java.util.stream.IntStream;

/**
 * The copies of a frame: stretches of it that are like a stretch of its dictionary. They are in
 * order and do not overlap; what is between them is literal.
 *
 * @param at where each one starts in the frame
 * @param from where it starts in the dictionary
 * @param length its bytes, at least one
 */
record Copies(int[] at, int[] from, int[] length) {
  /** No copy: all is literal. */
  static final Copies NONE = new Copies(new int[0], new int[0], new int[0]);

  int count() {
    return at.length;
  }

  /** Those that have so many bytes. */
  Copies atLeast(int bytes) {
    int[] kept = IntStream.range(0, count()).filter(i -> length[i] >= bytes).toArray();
    return kept.length == count()
        ? this
        : new Copies(pick(at, kept), pick(from, kept), pick(length, kept));
  }

  private static int[] pick(int[] numbers, int[] places) {
    return IntStream.of(places).map(i -> numbers[i]).toArray();
  }

  /** Bytes of all copies together. */
  int total() {
    int total = 0;
    for (int bytes : length) {
      total += bytes;
    }
    return total;
  }
}
