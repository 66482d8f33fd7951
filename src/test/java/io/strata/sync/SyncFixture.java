package io.strata.sync;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.strata.posix.Posix;
import io.strata.store.ImageStore;
import io.strata.trust.Verification;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A mirror directory, an empty cache, and syncs that never sleep. */
final class SyncFixture {
  static final Timeouts SHORT =
      new Timeouts(Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofMillis(300));

  final SmallMirror files;
  final ImageStore store;
  final Heard heard = new Heard();

  SyncFixture(Path directory) throws Exception {
    files = new SmallMirror(directory.resolve("mirror")).image("guru", "1").index("guru-1");
    store = new ImageStore(directory.resolve("cache"), Posix.system());
  }

  SyncResult sync(URI... uris) throws SyncException {
    return sync(SHORT, Map.of(), uris);
  }

  SyncResult sync(Timeouts timeouts, Map<String, String> environment, URI... uris)
      throws SyncException {
    try (SyncEngine engine = engine(timeouts, environment)) {
      return engine.sync(config(uris), heard);
    }
  }

  SyncPlan plan(URI... uris) throws SyncException {
    try (SyncEngine engine = engine(SHORT, Map.of())) {
      return engine.plan(config(uris), heard);
    }
  }

  SyncEngine engine(Timeouts timeouts, Map<String, String> environment) {
    return new SyncEngine(Posix.system(), timeouts, new SqdeltaMerger(), environment);
  }

  RepositoryConfig config(URI... uris) {
    return new RepositoryConfig(
        "guru",
        Optional.empty(),
        List.of(uris),
        true,
        Verification.NO,
        Optional.empty(),
        store.directory(),
        Optional.empty());
  }

  URI directory() {
    return files.directory.toUri();
  }

  void assertCurrent(String version) throws IOException {
    assertCurrent(version, SmallMirror.image(version));
  }

  void assertCurrent(String version, byte[] image) throws IOException {
    Path link = store.link("guru");
    assertEquals(Path.of("guru-" + version + ".sqfs"), Files.readSymbolicLink(link));
    assertArrayEquals(image, Files.readAllBytes(link));
  }

  /** What lies in the cache, directories apart. */
  List<String> cache() throws IOException {
    try (var all = Files.list(store.directory())) {
      return all.map(p -> "" + p.getFileName()).filter(n -> !n.equals(".strata")).sorted().toList();
    }
  }
}
