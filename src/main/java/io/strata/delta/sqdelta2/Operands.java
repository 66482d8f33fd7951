package io.strata.delta.sqdelta2;

import java.util.Arrays;

/**
 * Predicts addresses in programs. An x86-64 instruction says how far its target is from it; where
 * one of the two has moved further than the other, the number in the instruction has changed by the
 * difference. Where it can't be an address, what it would point to is not found.
 */
final class Operands {
  private final Moves moves;

  Operands(Moves moves) {
    this.moves = moves;
  }

  /**
   * The bytes that a stretch of the target is expected to have.
   *
   * @param addresses whether addresses may have changed
   */
  byte[] expected(byte[] dictionary, Stretch stretch, boolean addresses) {
    int from = stretch.from();
    byte[] bytes = Arrays.copyOfRange(dictionary, from, from + stretch.length());
    int i = addresses && stretch.isPlaced() ? 1 : bytes.length;
    while (i + Integer.BYTES <= bytes.length) {
      if (isBefore(dictionary[from + i - 1], i < 2 ? 0 : dictionary[from + i - 2])) {
        int operand = get(dictionary, from + i);
        long target = stretch.old() + i + Integer.BYTES + operand;
        long shift = moves.shift(target, stretch.shift());
        if (shift != Moves.UNKNOWN) {
          put(bytes, i, operand + (int) (shift - stretch.shift()));
          i += Integer.BYTES;
          continue;
        }
      }
      i++;
    }
    return bytes;
  }

  /**
   * Whether an address may follow: of a call or a jump, or one relative to the instruction pointer.
   */
  private static boolean isBefore(byte last, int first) {
    int b = last & 0xff;
    return b == 0xe8 || b == 0xe9 || (b & 0xc7) == 0x05 || ((b & 0xf0) == 0x80 && first == 0x0f);
  }

  private static int get(byte[] bytes, int at) {
    return (bytes[at] & 0xff)
        | (bytes[at + 1] & 0xff) << 8
        | (bytes[at + 2] & 0xff) << 16
        | bytes[at + 3] << 24;
  }

  private static void put(byte[] bytes, int at, int value) {
    for (int i = 0; i < Integer.BYTES; i++) {
      bytes[at + i] = (byte) (value >>> (Byte.SIZE * i));
    }
  }
}
