package io.strata.delta.sqdelta2;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.strata.delta.sqdelta2.Tile.Role;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The tiles of an image")
class TilingTest {

  /** A file of this size at an offset, whose blocks have these lengths. */
  private static Inode file(long start, long size, int... words) {
    Inode file = new Inode();
    file.start = start;
    file.size = size;
    file.words = words;
    return file;
  }

  @Test
  @DisplayName("are those of the first of many files that share them, with what is between as gaps")
  void shared() throws Exception {
    List<Inode> files = new ArrayList<>(List.of(file(200, 5000, 10, 20)));
    files.addAll(Collections.nCopies(100_000, file(200, 8000, 10, 20)));
    files.add(file(225, 4096, 50)); // within the second block
    files.add(file(260, 4096, 40));
    assertEquals(
        List.of(
            new Tile(96, 104, true, Role.GAP, 104),
            new Tile(200, 10, false, Role.DATA, 4096),
            new Tile(210, 20, false, Role.DATA, 5000 - 4096),
            new Tile(230, 30, true, Role.GAP, 30),
            new Tile(260, 40, false, Role.DATA, 4096)),
        new Tiling(300, 4096).files(files).tiles());
  }
}
