package io.strata.delta;

/**
 * A canonical prefix code: shorter codes first, equally long ones in the order of their symbols.
 *
 * <p>Codes of up to ten bits come from a table, longer ones bit by bit.
 */
final class PrefixCode {
  private static final int TABLE_BITS = 10;

  private final int maxLength;
  private final int[] counts;
  private final short[] sorted;

  /** Symbol and length by the next ten bits, the first bit lowest; 0 if the code is longer. */
  private final short[] symbols = new short[1 << TABLE_BITS];

  private final byte[] lengths = new byte[1 << TABLE_BITS];

  /**
   * Builds the code from the lengths of its symbols.
   *
   * @param codeLengths holds them, from {@code from} on; 0 for a symbol that does not occur
   * @param maxLength the longest that is allowed
   * @throws DeltaException if there are more codes of a length than bits can tell apart
   */
  PrefixCode(byte[] codeLengths, int from, int count, int maxLength) throws DeltaException {
    this.maxLength = maxLength;
    this.counts = new int[maxLength + 1];
    this.sorted = new short[count];
    for (int i = 0; i < count; i++) {
      counts[codeLengths[from + i]]++;
    }
    counts[0] = 0;
    int[] nextCode = firstCodes();
    int[] nextIndex = firstIndexes();
    for (int symbol = 0; symbol < count; symbol++) {
      int length = codeLengths[from + symbol];
      if (length > 0) {
        sorted[nextIndex[length]++] = (short) symbol;
        tabulate(nextCode[length]++, length, symbol);
      }
    }
  }

  private int[] firstCodes() throws DeltaException {
    int[] first = new int[maxLength + 1];
    int code = 0;
    for (int length = 1; length <= maxLength; length++) {
      first[length] = code;
      code += counts[length];
      if (code > 1 << length) {
        throw new DeltaException("secondary compression: more codes than bits can tell apart");
      }
      code <<= 1;
    }
    return first;
  }

  private int[] firstIndexes() {
    int[] first = new int[maxLength + 1];
    for (int length = 1; length < maxLength; length++) {
      first[length + 1] = first[length] + counts[length];
    }
    return first;
  }

  private void tabulate(int code, int length, int symbol) {
    if (length > TABLE_BITS) {
      return;
    }
    int index = Integer.reverse(code) >>> (Integer.SIZE - length);
    for (; index < symbols.length; index += 1 << length) {
      symbols[index] = (short) symbol;
      lengths[index] = (byte) length;
    }
  }

  /** The next symbol. */
  int decode(BitInput in) throws DeltaException {
    int index = in.peek(TABLE_BITS);
    int length = lengths[index];
    if (length != 0) {
      in.drop(length);
      return symbols[index];
    }
    return decodeBitByBit(in);
  }

  private int decodeBitByBit(BitInput in) throws DeltaException {
    int code = 0;
    int first = 0;
    int index = 0;
    for (int length = 1; length <= maxLength; length++) {
      code |= in.bits(1);
      int count = counts[length];
      if (code - first < count) {
        return sorted[index + code - first];
      }
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    throw new DeltaException("secondary compression: a code that stands for nothing");
  }
}
