package io.strata.delta;

/**
 * The inner coding of DJW: move-to-front positions, with runs of the front value written in the
 * digits 1 and 2 of base 2, the lowest first.
 */
final class RunDecoder {
  /** What code lengths are likely, the likeliest first. */
  private static final byte[] LENGTH_POSITIONS = {
    0, 4, 5, 6, 7, 8, 9, 10, 3, 11, 2, 12, 13, 1, 14, 15, 16, 17, 18, 19, 20
  };

  private static final int RUN_1 = 1;

  private final BitInput in;
  private final PrefixCode code;
  private final byte[] positions;

  /**
   * A decoder.
   *
   * @param positions the values in their first order; it is changed
   */
  RunDecoder(BitInput in, PrefixCode code, byte[] positions) {
    this.in = in;
    this.code = code;
    this.positions = positions;
  }

  /** The first order for code lengths. */
  static byte[] lengthPositions() {
    return LENGTH_POSITIONS.clone();
  }

  /**
   * Fills {@code values}.
   *
   * @param period if not 0, a value is left out where the one so many before it is 0
   */
  void decode(byte[] values, int period) throws DeltaException {
    int n = 0;
    int digit = 0;
    int run = 0;
    boolean moved = false; // the front value is a new one, to be written once
    while (n < values.length) {
      if (period != 0 && n >= period && values[n - period] == 0) {
        values[n++] = 0;
      } else if (run > 0 || moved) {
        values[n++] = positions[0];
        run = Math.max(run - 1, 0);
        moved = false;
      } else {
        int symbol = code.decode(in);
        moved = symbol > RUN_1;
        if (moved) {
          toFront(symbol - RUN_1);
          digit = 0;
        } else {
          run = run(symbol, digit++, values.length);
        }
      }
    }
    if (run > 0) {
      throw new DeltaException("secondary compression: a run that is too long");
    }
  }

  private static int run(int symbol, int digit, int most) throws DeltaException {
    long run = digit > 30 ? Long.MAX_VALUE : (symbol + 1L) << digit;
    if (run > most) {
      throw new DeltaException("secondary compression: a run that is too long");
    }
    return (int) run;
  }

  private void toFront(int position) throws DeltaException {
    if (position >= positions.length) {
      throw new DeltaException("secondary compression: no value at position " + position);
    }
    byte value = positions[position];
    System.arraycopy(positions, 0, positions, 1, position);
    positions[0] = value;
  }
}
