package io.strata.union;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.strata.union.Whereabouts.Spot;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Where files are")
class WhereaboutsTest {
  private static final long FILE = 0x0100_0000_0000_00ffL;
  private static final Name A = Name.copyOf("a".getBytes(UTF_8));
  private static final Name B = Name.copyOf("b".getBytes(UTF_8));

  private final Whereabouts whereabouts = new Whereabouts();

  private static Spot spot(long parent, Name name) {
    return new Spot(parent, name.hashCode());
  }

  @Test
  @DisplayName("one directory for each file, none for an unknown one")
  void one() {
    whereabouts.add(FILE, 1, A);
    whereabouts.add(FILE + 1, 2, A); // on the next page
    assertEquals(List.of(spot(1, A)), whereabouts.of(FILE));
    assertEquals(List.of(spot(2, A)), whereabouts.of(FILE + 1));
    assertEquals(List.of(), whereabouts.of(FILE - 1));
    assertEquals(List.of(), whereabouts.of(1));
  }

  @Test
  @DisplayName("several names, of which any may go first, and one told twice counts once")
  void several() {
    whereabouts.add(FILE, 1, A);
    whereabouts.add(FILE, 1, B);
    whereabouts.add(FILE, 2, A);
    whereabouts.add(FILE, 1, B);
    whereabouts.add(FILE, 1, A);
    assertEquals(List.of(spot(1, A), spot(1, B), spot(2, A)), whereabouts.of(FILE));
    whereabouts.remove(FILE, 1, A);
    assertEquals(List.of(spot(2, A), spot(1, B)), whereabouts.of(FILE));
    whereabouts.remove(FILE, 1, B);
    whereabouts.remove(FILE, 1, B); // is gone
    assertEquals(List.of(spot(2, A)), whereabouts.of(FILE));
    whereabouts.remove(FILE, 2, A);
    assertEquals(List.of(), whereabouts.of(FILE));
    whereabouts.remove(5, 1, A);
    whereabouts.add(FILE, 3, B);
    assertEquals(List.of(spot(3, B)), whereabouts.of(FILE));
  }
}
