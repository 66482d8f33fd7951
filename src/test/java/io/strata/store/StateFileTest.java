package io.strata.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The state file")
class StateFileTest {
  private static final String DIGEST = "0123456789abcdef".repeat(8);

  @Test
  @DisplayName("holds one fact a line and reads back the same")
  void roundTrip() throws Exception {
    RepositoryState state =
        new RepositoryState(
            Optional.of(
                new Accepted("v 2", DIGEST, Optional.of(Instant.ofEpochSecond(1782820800)))),
            List.of("v 1", "v 2"),
            Map.of(
                "v 2", new ImageRecord("v 2", DIGEST, new FileStamp(7, -1, Long.MAX_VALUE - 9))));
    String text = StateFile.write(state);
    assertEquals(
        "strata-state 1\n"
            + ("accepted " + DIGEST + " 1782820800 v 2\n")
            + "seen v 1\nseen v 2\n"
            + ("image " + DIGEST + " 7 -1 9223372036854775798 v 2\n")
            + "end\n",
        text);
    assertEquals(state, StateFile.read("guru", text));
  }

  @Test
  @DisplayName("is empty at first")
  void empty() throws Exception {
    assertEquals("strata-state 1\nend\n", StateFile.write(RepositoryState.EMPTY));
    assertEquals(RepositoryState.EMPTY, StateFile.read("guru", "strata-state 1\nend\n"));
  }

  @Test
  @DisplayName("is refused when cut short, of another version or with a line nobody wrote")
  void damaged() {
    for (String text :
        List.of(
            "",
            "strata-state 1\n",
            "strata-state 2\nend\n",
            "strata-state 1\nseen 1\n",
            "strata-state 1\nimage " + DIGEST + " 7 1 1 ../x\nend\n",
            "strata-state 1\nimage " + DIGEST + " 7 1 99999999999999999999 1\nend\n",
            "strata-state 1\naccepted " + DIGEST.substring(1) + " - 1\nend\n")) {
      assertThrows(StoreException.class, () -> StateFile.read("guru", text), text);
    }
  }

  @Test
  @DisplayName("remembers a version once, the newest last, and at most 4096 of them")
  void seen() {
    RepositoryState state = RepositoryState.EMPTY;
    for (int i = 0; i < RepositoryState.MAX_SEEN + 2; i++) {
      state = state.withAccepted(new Accepted("v" + i, DIGEST, Optional.empty()));
    }
    state = state.withAccepted(new Accepted("v5", DIGEST, Optional.empty()));
    assertEquals(RepositoryState.MAX_SEEN, state.seen().size());
    assertEquals("v5", state.seen().getLast());
    assertEquals("v2", state.seen().getFirst());
  }
}
