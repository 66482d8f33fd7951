package io.strata.delta.sqdelta2;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Addresses that are expected in a program")
class OperandsTest {
  /** How far places from 1000 on have moved; nothing is known of those before. */
  private static final int MOVED = 30;

  /** There is another copy of them, so far behind the first one; they are as many. */
  private static final int FAR = 1_000_000;

  /** Where the stretches start in the source. */
  private static final long HERE = 100;

  private static final long TARGET = 1500;

  private final Operands operands = new Operands(moves());

  private static Moves moves() {
    TileRow old = TileRow.gaps(1000, FAR);
    TileRow now = TileRow.gaps(1000, MOVED, FAR, FAR);
    List<PlannedTile> tiles =
        List.of(now.plain(0, 1000), now.plain(1, MOVED), now.copy(2, 1), now.copy(3, 1));
    return Moves.of(tiles, List.of(), old.slots(), now.slots());
  }

  /** Bytes, and behind them the distance from the end of that to a place in the source. */
  private static byte[] code(String hex, long target) {
    byte[] before = HexFormat.of().parseHex(hex);
    int operand = (int) (target - (HERE + before.length + Integer.BYTES));
    return withOperand(before, operand);
  }

  private static byte[] withOperand(byte[] before, int operand) {
    return ByteBuffer.allocate(before.length + Integer.BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(before)
        .putInt(operand)
        .array();
  }

  /** What is expected of all these bytes, if they have moved by a distance. */
  private byte[] expected(byte[] code, long distance) {
    return operands.expected(code, new Stretch(0, 0, code.length, HERE, HERE + distance), true);
  }

  private void assertMoved(byte[] code, int by) {
    int at = code.length - Integer.BYTES;
    int operand = ByteBuffer.wrap(code).order(ByteOrder.LITTLE_ENDIAN).getInt(at);
    assertArrayEquals(withOperand(Arrays.copyOf(code, at), operand + by), expected(code, 0));
  }

  private void assertKept(byte[] code) {
    assertArrayEquals(code, expected(code, 0));
  }

  @Test
  @DisplayName("follow calls, jumps, and what is relative to the instruction pointer")
  void introduced() {
    Set<Integer> always = Set.of(0xe8, 0xe9, 0x05, 0x0d, 0x15, 0x1d, 0x25, 0x2d, 0x35, 0x3d);
    Set<Integer> afterEscape = new TreeSet<>(always);
    for (int b = 0x80; b <= 0x8f; b++) {
      afterEscape.add(b);
    }
    assertEquals(new TreeSet<>(always), introducing(0x90));
    assertEquals(afterEscape, introducing(0x0f));
  }

  /** Which bytes introduce an address behind one. */
  private Set<Integer> introducing(int first) {
    Set<Integer> found = new TreeSet<>();
    for (int b = 0; b < 256; b++) {
      byte[] code = code("%02x%02x".formatted(first, b), TARGET);
      if (!Arrays.equals(code, expected(code, 0))) {
        assertMoved(code, MOVED);
        found.add(b);
      }
    }
    return found;
  }

  @Test
  @DisplayName("are not introduced by a byte before the stretch")
  void notBefore() {
    byte[] code = code("0f84", TARGET);
    Stretch all = new Stretch(0, 0, 6, HERE, HERE);
    Stretch withoutFirst = new Stretch(0, 1, 5, HERE + 1, HERE + 1);
    assertArrayEquals(code("0f84", TARGET + MOVED), operands.expected(code, all, true));
    assertArrayEquals(Arrays.copyOfRange(code, 1, 6), operands.expected(code, withoutFirst, true));
    byte[] call = code("e8", TARGET);
    Stretch withoutCall = new Stretch(0, 1, 4, HERE + 1, HERE + 1);
    assertArrayEquals(Arrays.copyOfRange(call, 1, 5), operands.expected(call, withoutCall, true));
  }

  @Test
  @DisplayName("are whole in the stretch")
  void whole() {
    byte[] code = Arrays.copyOf(code("e8", TARGET), 9);
    Stretch four = new Stretch(0, 0, 4, HERE, HERE);
    assertArrayEquals(Arrays.copyOf(code, 4), operands.expected(code, four, true));
    Stretch five = new Stretch(0, 0, 5, HERE, HERE);
    assertArrayEquals(code("e8", TARGET + MOVED), operands.expected(code, five, true));
  }

  @Test
  @DisplayName("change by as much as their target has moved further than they, modulo 2^32")
  void difference() {
    byte[] call = code("e8", TARGET);
    assertArrayEquals(code("e8", TARGET + MOVED), expected(call, 0));
    assertArrayEquals(call, expected(call, MOVED));
    assertArrayEquals(code("e8", TARGET + MOVED - 77), expected(call, 77));
    assertArrayEquals(code("e8", TARGET + MOVED + 77), expected(call, -77));
    long beyond = (1L << 40) + 5;
    assertArrayEquals(code("e8", TARGET + MOVED + FAR - 5), expected(call, beyond));
  }

  @Test
  @DisplayName("lead to the copy of their target that has moved nearly as far as they")
  void nearest() {
    byte[] call = code("e8", TARGET);
    assertArrayEquals(call, expected(call, MOVED));
    assertArrayEquals(call, expected(call, MOVED + FAR));
  }

  @Test
  @DisplayName("may lead back")
  void back() {
    byte[] code = withOperand(new byte[] {(byte) 0xe9}, -300);
    Stretch later = new Stretch(0, 0, 5, 1900, 1910);
    byte[] expected = withOperand(new byte[] {(byte) 0xe9}, -300 + MOVED - 10);
    assertArrayEquals(expected, operands.expected(code, later, true));
  }

  @Test
  @DisplayName("are none where they would lead to what is not copied; what comes next may be one")
  void unknown() {
    assertKept(code("e8", 999));
    assertMoved(code("e8", 1000), MOVED);
    assertMoved(code("e8", 999 + FAR), MOVED);
    assertKept(code("e8", 1000 + FAR));
    assertMoved(code("e8e8", 100_000), MOVED); // the first e8 would lead beyond
  }

  @Test
  @DisplayName("hold no other address")
  void inside() {
    byte[] code = HexFormat.of().parseHex("e8720500000100");
    // as one: e8, 0x572 to 0x572 + 105; as another: 05, 0x10000, which leads to what is copied too
    assertArrayEquals(HexFormat.of().parseHex("e8900500000100"), expected(code, 0));
  }

  @Test
  @DisplayName("are none in what is inflated, nor where none are expected")
  void none() {
    byte[] call = code("e8", TARGET);
    assertArrayEquals(call, operands.expected(call, new Stretch(0, 0, 5, -1, HERE), true));
    assertArrayEquals(call, operands.expected(call, new Stretch(0, 0, 5, HERE, -1), true));
    assertArrayEquals(call, operands.expected(call, new Stretch(0, 0, 5, HERE, HERE), false));
  }
}
