package io.strata.delta.sqdelta2;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Copies of many frames")
class CopyBudgetTest {

  /** Copies of these lengths, 100 bytes apart; each is from 1000 bytes further on. */
  private static Copies copies(int... lengths) {
    int[] at = IntStream.range(0, lengths.length).map(i -> 100 * i).toArray();
    return new Copies(at, IntStream.of(at).map(i -> i + 1000).toArray(), lengths);
  }

  @Test
  @DisplayName("all stay where there is room")
  void room() {
    CopyBudget budget = new CopyBudget(2, 6);
    Copies copies = copies(20, 30, 40);
    assertSame(copies, budget.ofFrame(copies));
    assertEquals(1, budget.shortest(Stream.of(copies, copies)));
    assertSame(copies, copies.atLeast(1));
  }

  @Test
  @DisplayName("go from the shortest one on until the rest fits, in whatever frame they are")
  void shortest() {
    CopyBudget budget = new CopyBudget(2, 3);
    Copies one = copies(50, 20, 60);
    Copies other = copies(15, 40);
    int bytes = budget.shortest(Stream.of(one, other));
    Copies left = one.atLeast(bytes);
    assertArrayEquals(new int[] {50, 60}, left.length());
    assertArrayEquals(new int[] {0, 200}, left.at());
    assertArrayEquals(new int[] {1000, 1200}, left.from());
    assertArrayEquals(new int[] {40}, other.atLeast(bytes).length());
  }

  @Test
  @DisplayName("of one length never are more than there may be")
  void alike() {
    CopyBudget budget = new CopyBudget(1, 3);
    Copies copies = copies(20, 20, 20, 20, 30);
    assertArrayEquals(new int[] {30}, copies.atLeast(budget.shortest(Stream.of(copies))).length());
  }

  @Test
  @DisplayName("are at most twice its share in a frame before the others are known")
  void share() {
    CopyBudget budget = new CopyBudget(4, 4);
    assertArrayEquals(new int[] {30, 40}, budget.ofFrame(copies(10, 30, 20, 40)).length());
    CopyBudget single = new CopyBudget(1, 4);
    assertEquals(4, single.ofFrame(copies(10, 30, 20, 40, 50)).count());
  }
}
