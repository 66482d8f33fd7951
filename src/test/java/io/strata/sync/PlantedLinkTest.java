package io.strata.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Links that somebody laid where a download goes")
class PlantedLinkTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"data", "note", "both"})
  @DisplayName("are replaced, and what they lead to is left alone")
  void partial(String which) throws Exception {
    SyncFixture fixture = new SyncFixture(directory);
    Path victim = Files.writeString(directory.resolve("victim"), "a\n-\n-\n");
    Files.createDirectories(fixture.store.directory());
    String word = Sha512.of(SmallMirror.image("1")).substring(0, 64);
    Path data = fixture.store.partial("guru", word);
    Path note = fixture.store.partial("guru", word + ".from");
    if (which.equals("data")) {
      Files.writeString(note, "http://m/guru-1.sqfs\n-\n-\n");
    } else {
      Files.createSymbolicLink(note, victim);
    }
    if (which.equals("note")) {
      Files.writeString(data, "begin");
    } else {
      Files.createSymbolicLink(data, victim);
    }
    try (RawServer server = new RawServer(fixture.files.directory)) {
      fixture.sync(server.uri());
    }
    fixture.assertCurrent("1");
    assertEquals("a\n-\n-\n", Files.readString(victim));
    assertEquals(List.of("guru-1.sqfs", "guru-current.sqfs"), fixture.cache());
  }
}
