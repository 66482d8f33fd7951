package io.strata.delta.sqdelta2;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Keeps the copies of all frames within what a delta may have. Where there are more, the shortest
 * ones go: their bytes are literal then, and hardly more of them are stored. Immutable; for any
 * thread.
 */
final class CopyBudget {
  private final int most;
  private final int mostOfFrame;

  /**
   * A budget.
   *
   * @param most copies of all frames together
   */
  CopyBudget(int frames, int most) {
    this.most = most;
    this.mostOfFrame = (int) Math.clamp(2L * most / frames, 1, most);
  }

  /**
   * Those that a frame keeps before the other frames are known: up to twice its share, for all have
   * to be in memory.
   */
  Copies ofFrame(Copies copies) {
    return copies.atLeast(shortest(IntStream.of(copies.length()), mostOfFrame));
  }

  /** The bytes that a copy must have to stay, of all frames together. */
  int shortest(Stream<Copies> frames) {
    return shortest(frames.flatMapToInt(copies -> IntStream.of(copies.length())), most);
  }

  private static int shortest(IntStream lengths, int most) {
    int[] sorted = lengths.toArray();
    Arrays.sort(sorted);
    return sorted.length <= most ? 1 : sorted[sorted.length - most - 1] + 1;
  }
}
