package io.strata.delta.sqdelta2;

import io.strata.delta.DeltaException;
import java.util.Arrays;
import java.util.stream.Stream;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Stretches of a content that deflate (RFC 1951) made, as in a .gz file. Where a content has them
 * inflated, one that differs in a word differs in a word only. In order, without overlap.
 *
 * @param at where each one starts
 * @param stored its bytes
 * @param plain its bytes inflated
 * @param how the number of its way in {@link Deflation}; of an old one 0
 * @param blocks bytes inflated of each of its blocks whose end has to be said; of an old one none
 */
record Members(int[] at, int[] stored, int[] plain, int[] how, int[][] blocks) {
  /** None. */
  static final Members NONE =
      new Members(new int[0], new int[0], new int[0], new int[0], new int[0][]);

  int count() {
    return at.length;
  }

  /** Bytes of all together. */
  int totalStored() {
    return sum(stored);
  }

  /** Bytes of all together, inflated. */
  int totalPlain() {
    return sum(plain);
  }

  /** How many ends of blocks are said of all together. */
  int totalBlocks() {
    return Stream.of(blocks).mapToInt(ends -> ends.length).sum();
  }

  private static int sum(int[] numbers) {
    int sum = 0;
    for (int number : numbers) {
      sum += number;
    }
    return sum;
  }

  /**
   * Inflates one after the other.
   *
   * @param into gets them, up to its end
   */
  void inflate(byte[] content, byte[] into) throws DeltaException {
    int to = into.length - totalPlain();
    for (int i = 0; i < at.length; i++) {
      Inflater inflater = new Inflater(true);
      try {
        inflater.setInput(content, at[i], stored[i]);
        int n = inflater.inflate(into, to, plain[i]);
        boolean whole = n == plain[i] && inflater.inflate(new byte[1]) == 0 && inflater.finished();
        if (!whole || inflater.getRemaining() > 0) {
          throw new DeltaException("a member at " + at[i] + " is not whole, or has other lengths");
        }
        to += n;
      } catch (DataFormatException e) {
        throw new DeltaException("a member at " + at[i] + ": " + e.getMessage(), e);
      } finally {
        inflater.end();
      }
    }
  }

  /** The slots of a dictionary, and its members inflated behind them. */
  byte[] append(byte[] slots) throws DeltaException {
    if (count() == 0) {
      return slots;
    }
    byte[] all = Arrays.copyOf(slots, slots.length + totalPlain());
    inflate(slots, all);
    return all;
  }

  /** A content without its members, and these inflated behind it. */
  byte[] matter(byte[] content) throws DeltaException {
    byte[] matter = new byte[content.length - totalStored() + totalPlain()];
    int from = 0;
    int to = 0;
    for (int i = 0; i < at.length; i++) {
      System.arraycopy(content, from, matter, to, at[i] - from);
      to += at[i] - from;
      from = at[i] + stored[i];
    }
    System.arraycopy(content, from, matter, to, content.length - from);
    inflate(content, matter);
    return matter;
  }

  /** The content of which {@link #matter} was made. */
  byte[] content(byte[] matter, Deflation deflation) throws DeltaException {
    byte[] content = new byte[matter.length + totalStored() - totalPlain()];
    int from = 0;
    int to = 0;
    int inflated = matter.length - totalPlain();
    for (int i = 0; i < at.length; i++) {
      System.arraycopy(matter, from, content, to, at[i] - to);
      from += at[i] - to;
      Deflation.Way way = new Deflation.Way(how[i], blocks[i]);
      deflation.deflate(way, matter, inflated, plain[i], content, at[i], stored[i]);
      inflated += plain[i];
      to = at[i] + stored[i];
    }
    System.arraycopy(matter, from, content, to, content.length - to);
    return content;
  }
}
