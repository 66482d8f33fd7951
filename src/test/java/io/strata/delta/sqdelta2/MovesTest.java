package io.strata.delta.sqdelta2;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("How far a place of the source has moved")
class MovesTest {
  private static final int PIECE = 100;

  /** The moves of copies from a source of one gap, to two behind it in the target. */
  private static Moves moves(int... copies) {
    TileRow old = TileRow.gaps(4000);
    TileRow now = TileRow.gaps(4000, 4000);
    List<PlannedTile> tiles = List.of(now.plain(0, 4000), now.plain(1, 4000));
    Frame frame = TileRow.frame(tiles, new int[] {0}, TileRow.copies(copies));
    return Moves.of(tiles, List.of(frame), old.slots(), now.slots());
  }

  @Test
  @DisplayName("is what the tile has that is copied; nothing is known of others")
  void tiles() {
    TileRow old = TileRow.gaps(100, 50, 70);
    TileRow now = TileRow.gaps(30, 70, 100);
    List<PlannedTile> tiles = List.of(now.plain(0, 30), now.copy(1, 2), now.copy(2, 0));
    Moves moves = Moves.of(tiles, List.of(), old.slots(), now.slots());
    assertEquals(100, moves.shift(0, 0));
    assertEquals(100, moves.shift(99, 0));
    assertEquals(Moves.UNKNOWN, moves.shift(100, 0));
    assertEquals(Moves.UNKNOWN, moves.shift(149, 0));
    assertEquals(30 - 150, moves.shift(150, 0));
    assertEquals(30 - 150, moves.shift(219, 0));
    assertEquals(Moves.UNKNOWN, moves.shift(220, 0));
    assertEquals(Moves.UNKNOWN, moves.shift(-1, 0));
  }

  @Test
  @DisplayName("is what a stretch has, but for what is inflated on a side")
  void stretches() {
    TileRow old = TileRow.gaps(100, 100);
    TileRow now = TileRow.gaps(100);
    List<PlannedTile> tiles = List.of(now.plain(0, 100));
    Frame frame =
        TileRow.frame(
            tiles,
            new int[] {0, 1},
            TileRow.member(0, 10, 60),
            TileRow.member(50, 50, 80),
            TileRow.copies(0, 30, 20, 20, 200, 30, 50, 100, 80));
    Moves moves = Moves.of(tiles, List.of(frame), old.slots(), now.slots());
    assertEquals(Moves.UNKNOWN, moves.shift(29, 0));
    assertEquals(-30, moves.shift(30, 0));
    assertEquals(-30, moves.shift(49, 0));
    assertEquals(Moves.UNKNOWN, moves.shift(50, 0));
    assertEquals(Moves.UNKNOWN, moves.shift(100, 0), "copied into what is inflated");
    assertEquals(Moves.UNKNOWN, moves.shift(-1, 0), "copied from what is inflated");
  }

  @Test
  @DisplayName("is of several copies the one nearest to how far the asker has moved")
  void nearest() {
    Moves moves = moves(0, 500, 100, 1000, 500, 100, 5000, 500, 100);
    assertEquals(-500, moves.shift(550, -9999));
    assertEquals(-500, moves.shift(550, -1));
    assertEquals(500, moves.shift(550, 1));
    assertEquals(500, moves.shift(550, 2499));
    assertEquals(4500, moves.shift(550, 2501));
  }

  @Test
  @DisplayName("is of equally near ones that which starts last in the source")
  void equallyNear() {
    assertEquals(510, moves(0, 500, 200, 1020, 510, 100).shift(550, 5));
    assertEquals(-510, moves(0, 510, 100, 1010, 500, 200).shift(550, 0));
  }

  @Test
  @DisplayName("is, where these start together, that of a stretch before that of a tile")
  void stretchAndTile() {
    TileRow old = TileRow.gaps(100);
    TileRow now = TileRow.gaps(100, 100, 100);
    List<PlannedTile> tiles = List.of(now.plain(0, 100), now.copy(1, 0), now.plain(2, 100));
    List<PlannedTile> content = List.of(tiles.getFirst(), tiles.getLast());
    int[] dictionary = {0};
    Moves first =
        Moves.of(
            tiles,
            List.of(TileRow.frame(content, dictionary, TileRow.copies(0, 0, 100))),
            old.slots(),
            now.slots());
    assertEquals(0, first.shift(50, 50));
    Moves second =
        Moves.of(
            tiles,
            List.of(TileRow.frame(content, dictionary, TileRow.copies(100, 0, 100))),
            old.slots(),
            now.slots());
    assertEquals(200, second.shift(50, 150));
  }

  /** All of the source stays, and there are so many pieces of it elsewhere, from a place on. */
  private static Moves pieces(int count, int apart) {
    int[] copies = new int[3 * (count + 1)];
    copies[2] = 4000;
    for (int i = 1; i <= count; i++) {
      copies[3 * i] = 4000 + (PIECE + apart) * i;
      copies[3 * i + 1] = PIECE * i;
      copies[3 * i + 2] = PIECE;
    }
    return moves(copies);
  }

  @Test
  @DisplayName("is looked up in the last 16 copies that start at it or before")
  void sixteen() {
    int last = 16 * PIECE; // where the 16th piece starts
    assertEquals(0, pieces(15, 1).shift(last - 1, 0));
    assertEquals(4016, pieces(16, 1).shift(last, 0));
    assertEquals(0, pieces(16, 1).shift(last - 1, 0));
    assertEquals(Moves.UNKNOWN, pieces(16, 1).shift(last + PIECE, 0));
    assertEquals(0, pieces(15, 1).shift(last, 0));
  }

  @Test
  @DisplayName("counts copies that go on as one")
  void goingOn() {
    Moves moves = pieces(20, 0);
    int inside = 20 * PIECE + PIECE / 2;
    assertEquals(0, moves.shift(inside, 0));
    assertEquals(4000, moves.shift(inside, 4000));
    assertEquals(4000, moves.shift(PIECE, 4000));
    assertEquals(Moves.UNKNOWN, moves.shift(4000, 4000));
    assertEquals(4020, pieces(20, 1).shift(inside, 0), "each has moved a byte further");
  }
}
