package io.strata.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.strata.store.IndexOrigin.Signer;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The state file")
class StateFileTest {
  private static final String DIGEST = "0123456789abcdef".repeat(8);

  private static final String OTHER = "f".repeat(128);
  private static final Instant SIGNED = Instant.ofEpochSecond(1782820800);
  private static final Instant AT = Instant.ofEpochSecond(1782820900);

  @Test
  @DisplayName("holds one fact a line and reads back the same")
  void roundTrip() throws Exception {
    Signer signer = new Signer("7D2F".repeat(10), "Somebody <a@b>");
    Accepted last =
        new Accepted(
            "v 2",
            DIGEST,
            Optional.of(SIGNED),
            Optional.of(new IndexOrigin(OTHER, AT, Optional.of(signer))));
    Accepted before =
        new Accepted(
            "v 3",
            OTHER,
            Optional.empty(),
            Optional.of(new IndexOrigin(DIGEST, SIGNED, Optional.empty())));
    RepositoryState state =
        new RepositoryState(
            Optional.of(last),
            Optional.of(new AllowedRollback(before, AT)),
            List.of("v 1", "v 2"),
            Map.of("v\u20281", OTHER),
            Map.of(
                "v 2", new ImageRecord("v 2", DIGEST, new FileStamp(7, -1, Long.MAX_VALUE - 9))));
    String text = StateFile.write(state);
    assertEquals(
        "strata-state 2\n"
            + ("accepted " + DIGEST + " 1782820800 v 2\n")
            + ("index " + OTHER + " 1782820900 " + "7D2F".repeat(10) + " Somebody <a@b>\n")
            + ("from " + OTHER + " - v 3\n")
            + ("from-index " + DIGEST + " 1782820800 - -\n")
            + "rollback 1782820900\n"
            + "seen v 1\nseen v 2\n"
            + ("digest " + OTHER + " v\u20281\n")
            + ("image " + DIGEST + " 7 -1 9223372036854775798 v 2\n")
            + "end\n",
        text);
    assertEquals(state, StateFile.read("guru", text));
  }

  @Test
  @DisplayName("of version 1 is read, too")
  void versionOne() throws Exception {
    String text =
        "strata-state 1\n"
            + ("accepted " + DIGEST + " 1782820800 v 2\n")
            + "seen v 1\nseen v 2\n"
            + ("image " + DIGEST + " 7 -1 9 v 2\n")
            + "end\n";
    RepositoryState state = StateFile.read("guru", text);
    assertEquals(
        Optional.of(new Accepted("v 2", DIGEST, Optional.of(SIGNED), Optional.empty())),
        state.accepted());
    assertEquals(List.of("v 1", "v 2"), state.seen());
    assertEquals(1, state.images().size());
  }

  @Test
  @DisplayName("is empty at first")
  void empty() throws Exception {
    assertEquals("strata-state 2\nend\n", StateFile.write(RepositoryState.EMPTY));
    assertEquals(RepositoryState.EMPTY, StateFile.read("guru", "strata-state 2\nend\n"));
  }

  @Test
  @DisplayName("is refused when cut short, of another version or with a line nobody wrote")
  void damaged() {
    for (String text :
        List.of(
            "",
            "strata-state 1\n",
            "strata-state 3\nend\n",
            "strata-state 2\nindex " + DIGEST + " 1 - -\nend\n",
            "strata-state 2\nrollback 1\nend\n",
            "strata-state 2\nfrom " + DIGEST + " - 1\nend\n",
            "strata-state 2\nrollback 99999999999999999999\nend\n",
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
      state = state.withAccepted(accepted("v" + i));
    }
    state = state.withAccepted(accepted("v5"));
    assertEquals(RepositoryState.MAX_SEEN, state.seen().size());
    assertEquals("v5", state.seen().getLast());
    assertEquals("v2", state.seen().getFirst());
  }

  @Test
  @DisplayName("remembers at most 4096 digests, those that were listed last")
  void digests() {
    RepositoryState state = RepositoryState.EMPTY.withDigests(Map.of("old", OTHER));
    Map<String, String> many = new LinkedHashMap<>();
    for (int i = 1; i < RepositoryState.MAX_SEEN; i++) {
      many.put("v" + i, DIGEST);
    }
    state = state.withDigests(many);
    assertEquals(OTHER, state.digests().get("old"));
    state = state.withDigests(Map.of("v1", DIGEST, "new", DIGEST));
    assertEquals(RepositoryState.MAX_SEEN, state.digests().size());
    assertEquals(null, state.digests().get("old"));
    assertEquals(DIGEST, state.digests().get("v1"));
  }

  @Test
  @DisplayName("forgets the versions after the one that an allowed rollback goes to")
  void rollback() {
    RepositoryState state = RepositoryState.EMPTY;
    for (String version : List.of("a", "b", "c")) {
      state = state.withAccepted(accepted(version));
    }
    state = state.withRollback(accepted("b"), new AllowedRollback(accepted("c"), AT));
    assertEquals(List.of("a", "b"), state.seen());
    assertEquals("c", state.rollback().orElseThrow().from().version());
    assertEquals(Optional.empty(), state.withoutRollback().rollback());
  }

  @Test
  @DisplayName("keeps a user id in one line, whatever it holds")
  void userId() {
    assertEquals("a  [2J b", new Signer("7D", "a\n\u001b[2J\u202eb").user());
  }

  private static Accepted accepted(String version) {
    return new Accepted(version, DIGEST, Optional.empty(), Optional.empty());
  }
}
