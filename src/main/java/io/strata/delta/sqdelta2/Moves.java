package io.strata.delta.sqdelta2;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Where the content of the source has gone: for each tile and stretch that is copied, by how much
 * it has moved. Immutable; for any thread.
 */
final class Moves {
  /** What {@link #shift} says of a place of which nothing was copied. */
  static final long UNKNOWN = Long.MIN_VALUE;

  /** How many copies are looked at, from the last one on that starts before a place. */
  private static final int LOOK = 16;

  private final long[] starts;
  private final long[] ends;
  private final long[] shifts;

  /** That the slots' bytes from start to end have moved by a distance. */
  private record Move(long start, long end, long shift) {}

  private Moves(List<Move> moves) {
    starts = moves.stream().mapToLong(Move::start).toArray();
    ends = moves.stream().mapToLong(Move::end).toArray();
    shifts = moves.stream().mapToLong(Move::shift).toArray();
  }

  /**
   * The moves of a delta.
   *
   * @param tiles all tiles of the target
   */
  static Moves of(List<PlannedTile> tiles, List<Frame> frames, Slots old, Slots now) {
    List<Move> moves = new ArrayList<>();
    for (int i = 0; i < tiles.size(); i++) {
      PlannedTile planned = tiles.get(i);
      if (planned.how() == PlannedTile.How.COPY) {
        int tile = planned.from();
        add(moves, old.start(tile), old.length(tile), now.start(i) - old.start(tile));
      }
    }
    for (Frame frame : frames) {
      for (Stretch stretch : Stretch.of(frame, old, now)) {
        if (stretch.isPlaced()) {
          add(moves, stretch.old(), stretch.length(), stretch.shift());
        }
      }
    }
    moves.sort(Comparator.comparingLong(Move::start));
    return new Moves(moves);
  }

  /** Adds a move, or makes the last one longer if it goes on. */
  private static void add(List<Move> moves, long start, int length, long shift) {
    if (!moves.isEmpty() && moves.getLast().end() == start && moves.getLast().shift() == shift) {
      Move last = moves.removeLast();
      moves.add(new Move(last.start(), start + length, shift));
    } else {
      moves.add(new Move(start, start + length, shift));
    }
  }

  /**
   * How far a place has moved: of several copies of it, in the way nearest to {@code own}.
   *
   * @param place among the slots of the source
   */
  long shift(long place, long own) {
    int last = behind(place) - 1;
    long best = UNKNOWN;
    for (int i = last; i >= 0 && i > last - LOOK; i--) {
      boolean covers = place < ends[i];
      if (covers && (best == UNKNOWN || Math.abs(shifts[i] - own) < Math.abs(best - own))) {
        best = shifts[i];
      }
    }
    return best;
  }

  /** The first move that starts behind a place. */
  private int behind(long place) {
    int low = 0;
    int high = starts.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (starts[middle] > place) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
