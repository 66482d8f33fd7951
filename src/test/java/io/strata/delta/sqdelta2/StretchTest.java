package io.strata.delta.sqdelta2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A stretch of a copy")
class StretchTest {
  private static final TileRow OLD = TileRow.blocks(3, 100);
  private static final TileRow NOW = TileRow.blocks(2, 100);

  private static List<Stretch> stretches(Frame frame) {
    return Stretch.of(frame, OLD.slots(), NOW.slots());
  }

  @Test
  @DisplayName("ends where a tile ends on either side; its places are among the slots")
  void tiles() {
    List<PlannedTile> tiles = List.of(NOW.plain(0, 60), NOW.plain(1, 100));
    Frame frame = TileRow.frame(tiles, new int[] {2, 0}, TileRow.copies(20, 90, 100));
    assertEquals(
        List.of(
            new Stretch(20, 90, 10, 290, 20), // the end of the source's tile 2
            new Stretch(30, 100, 30, 0, 30), // tile 0, to the end of the target's tile 0
            new Stretch(60, 130, 60, 30, 100)), // tile 1, whose slot starts at 100
        stretches(frame));
    assertEquals(70, stretches(frame).getLast().shift());
    assertTrue(stretches(frame).getLast().isPlaced());
  }

  @Test
  @DisplayName("ends where a member was taken out of the content; what is inflated has no place")
  void members() {
    Frame frame =
        TileRow.frame(
            List.of(NOW.plain(0, 100)),
            new int[] {0},
            Members.NONE,
            TileRow.member(30, 20, 500),
            TileRow.copies(10, 0, 100));
    assertEquals(
        List.of(
            new Stretch(10, 0, 20, 0, 10),
            new Stretch(30, 20, 50, 20, 50), // 20 bytes of the tile are missing before it
            new Stretch(80, 70, 30, 70, -1)), // inflated
        stretches(frame));
    assertFalse(stretches(frame).getLast().isPlaced());
  }

  @Test
  @DisplayName("starts behind a member that reaches into the next tile")
  void longMember() {
    Frame frame =
        TileRow.frame(
            List.of(NOW.plain(0, 100), NOW.plain(1, 100)),
            new int[] {0, 1},
            Members.NONE,
            TileRow.member(90, 30, 1),
            TileRow.copies(0, 0, 170));
    assertEquals(
        List.of(
            new Stretch(0, 0, 90, 0, 0),
            new Stretch(90, 90, 10, 90, 120), // to the end of the source's tile 0
            new Stretch(100, 100, 70, 100, 130)),
        stretches(frame));
  }

  @Test
  @DisplayName("has no place in the source where that was inflated; its members cut nothing else")
  void oldMembers() {
    Frame frame =
        TileRow.frame(
            List.of(NOW.plain(0, 100)),
            new int[] {1},
            TileRow.member(10, 20, 50),
            Members.NONE,
            TileRow.copies(0, 0, 40, 40, 90, 30));
    assertEquals(
        List.of(
            new Stretch(0, 0, 40, 100, 0),
            new Stretch(40, 90, 10, 190, 40),
            new Stretch(50, 100, 20, -1, 50)), // inflated, behind the slot
        stretches(frame));
    assertFalse(stretches(frame).getLast().isPlaced());
  }
}
