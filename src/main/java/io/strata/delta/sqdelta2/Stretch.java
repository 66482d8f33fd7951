package io.strata.delta.sqdelta2;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A part of a copy inside of one tile on both sides.
 *
 * @param at where it starts in the frame
 * @param from where it starts in the dictionary
 * @param length its bytes
 * @param old where it starts among the slots of the source; negative if not there
 * @param now where it starts among those of the target; negative if not there
 */
record Stretch(int at, int from, int length, long old, long now) {

  /** How far it has moved. */
  long shift() {
    return now - old;
  }

  /** Whether it is in tiles on both sides, not in what was inflated. */
  boolean isPlaced() {
    return old >= 0 && now >= 0;
  }

  /** All of a frame, in order. */
  static List<Stretch> of(Frame frame, Slots old, Slots now) {
    Cuts content = Cuts.ofContent(frame, now);
    Cuts dictionary = Cuts.ofDictionary(frame, old);
    Copies copies = frame.copies();
    List<Stretch> stretches = new ArrayList<>();
    for (int i = 0; i < copies.count(); i++) {
      int at = copies.at()[i];
      int from = copies.from()[i];
      int end = at + copies.length()[i];
      while (at < end) {
        int in = content.index(at);
        int of = dictionary.index(from);
        int length = Math.min(end - at, content.ends[in] - at);
        length = Math.min(length, dictionary.ends[of] - from);
        stretches.add(
            new Stretch(at, from, length, dictionary.place(of, from), content.place(in, at)));
        at += length;
        from += length;
      }
    }
    return stretches;
  }

  /** Where the parts of a frame or of a dictionary end in it, and where they are among slots. */
  private static final class Cuts {
    private static final long NOWHERE = -1;

    private int[] ends = new int[16];
    private long[] places = new long[16];
    private int count;
    private int end;

    private void add(int length, long place) {
      if (length == 0) {
        return;
      }
      if (count == ends.length) {
        ends = Arrays.copyOf(ends, 2 * count);
        places = Arrays.copyOf(places, 2 * count);
      }
      end += length;
      ends[count] = end;
      places[count++] = place;
    }

    static Cuts ofContent(Frame frame, Slots slots) {
      Cuts cuts = new Cuts();
      Members members = frame.members();
      int next = 0;
      int start = 0; // of the tile in the content
      int at = 0; // how far that is done, members too
      for (PlannedTile planned : frame.tiles()) {
        long slot = slots.start(slots.at(planned.tile().offset()));
        int tileEnd = start + planned.plainLength();
        while (next < members.count() && members.at()[next] < tileEnd) {
          int from = Math.max(at, start);
          cuts.add(Math.max(members.at()[next] - from, 0), slot + from - start);
          at = members.at()[next] + members.stored()[next];
          next++;
        }
        int from = Math.max(at, start);
        cuts.add(Math.max(tileEnd - from, 0), slot + from - start);
        start = tileEnd;
      }
      cuts.add(members.totalPlain(), NOWHERE);
      return cuts;
    }

    static Cuts ofDictionary(Frame frame, Slots slots) {
      Cuts cuts = new Cuts();
      for (int tile : frame.dictionary()) {
        cuts.add(slots.length(tile), slots.start(tile));
      }
      cuts.add(frame.old().totalPlain(), NOWHERE);
      return cuts;
    }

    /** The part that has the byte at a place. */
    int index(int place) {
      int low = 0;
      int high = count - 1;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (ends[middle] > place) {
          high = middle;
        } else {
          low = middle + 1;
        }
      }
      return low;
    }

    /** Where a byte of a part is among the slots; negative if nowhere. */
    long place(int index, int at) {
      long place = places[index];
      return place < 0 ? place : place + at - (index == 0 ? 0 : ends[index - 1]);
    }
  }
}
