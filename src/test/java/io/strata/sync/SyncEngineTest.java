package io.strata.sync;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.posix.Posix;
import io.strata.store.ImageStore;
import io.strata.store.Lease;
import io.strata.store.LockedRepository;
import io.strata.store.OldImage;
import io.strata.store.Snapshot;
import io.strata.sync.TestMirror.Fault;
import io.strata.trust.Verification;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A sync")
class SyncEngineTest {
  private static final Timeouts SHORT =
      new Timeouts(Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofMillis(300));
  private static final Snapshot ONE = new Snapshot("guru", "1");
  private static final Snapshot TWO = new Snapshot("guru", "2");

  @TempDir Path directory;
  private SmallMirror files;
  private ImageStore store;
  private final Heard heard = new Heard();

  @BeforeEach
  void mirror() throws Exception {
    files = new SmallMirror(directory.resolve("mirror")).image("guru", "1").index("guru-1");
    store = new ImageStore(directory.resolve("cache"), Posix.system());
  }

  @Test
  @DisplayName("takes the full image first, the delta afterwards, and nothing when up to date")
  void firstThenDelta() throws Exception {
    try (TestMirror mirror = new TestMirror(files.directory)) {
      SyncResult first = sync(mirror.uri());
      assertEquals(Optional.empty(), first.from());
      assertEquals(Way.FULL, first.way());
      assertEquals(SmallMirror.SIZE, first.bytes());
      assertCurrent(ONE);

      files.image("guru", "2").delta("guru", "1", "2").index("guru-2");
      long deltaSize = Files.size(files.directory.resolve("guru-1-2.sqdelta"));
      SyncPlan plan = plan(mirror.uri());
      assertEquals(Optional.of(ONE), plan.from());
      assertEquals(
          List.of(
              delta(OptionalLong.of(deltaSize)),
              Candidate.full("guru-2.sqfs", OptionalLong.of(SmallMirror.SIZE))),
          plan.candidates());
      assertCurrent(ONE);

      SyncResult second = sync(mirror.uri());
      assertEquals(Way.DELTA, second.way());
      assertEquals(deltaSize, second.bytes());
      assertCurrent(TWO);
      assertFalse(mirror.requests().contains("GET guru-2.sqfs"));

      SyncResult third = sync(mirror.uri());
      assertEquals(Way.UP_TO_DATE, third.way());
      assertEquals(0, third.bytes());
      assertEquals(List.of(), heard.warnings);
    }
  }

  @Test
  @DisplayName("collects the old image afterwards, unless somebody uses it")
  void collects() throws Exception {
    sync(files.directory.toUri());
    files.image("guru", "2").index("guru-2");
    try (Lease lease = store.leaseCurrent("guru");
        SyncEngine engine = engine()) {
      sync(files.directory.toUri());
      assertEquals(
          List.of(new OldImage(ONE, SmallMirror.SIZE, true)),
          engine.collect(config(files.directory.toUri()), 1));
      assertTrue(Files.exists(lease.image()));
      lease.close();
      assertEquals(List.of(), engine.collect(config(files.directory.toUri()), 2));
      assertEquals(
          List.of(new OldImage(ONE, SmallMirror.SIZE, false)),
          engine.collect(config(files.directory.toUri()), 1));
      assertFalse(Files.exists(lease.image()));
      assertCurrent(TWO);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"TRUNCATE", "STALL", "CORRUPT", "ERROR", "CHUNKED_LONGER"})
  @DisplayName("falls back to the full image, and says so, where the delta comes wrong")
  void deltaFails(Fault fault) throws Exception {
    sync(files.directory.toUri());
    files.image("guru", "2").delta("guru", "1", "2").index("guru-2");
    try (TestMirror mirror = new TestMirror(files.directory).with("guru-1-2.sqdelta", fault)) {
      assertEquals(Way.FULL, sync(mirror.uri()).way());
    }
    assertCurrent(TWO);
    assertTrue(heard.warnings.getFirst().contains("guru-1-2.sqdelta"), "" + heard.warnings);
    assertTrue(heard.warnings.getFirst().contains("full image"), "" + heard.warnings);
  }

  @Test
  @DisplayName("falls back where a delta of the right digest is damaged or makes another image")
  void deltaLies() throws Exception {
    byte[] nonsense = new byte[100];
    for (String name : List.of("guru-1-2.sqdelta", "guru-2-3.sqdelta")) {
      files.file(name, nonsense);
    }
    sync(files.directory.toUri());
    files.image("guru", "2").index("guru-2");
    assertEquals(Way.FULL, sync(files.directory.toUri()).way());
    assertCurrent(TWO);
    // The delta to 4 listed as the one to 3: well-formed, for this base, but not this target.
    files.image("guru", "4").delta("guru", "2", "4").image("guru", "3");
    files.file("guru-2-3.sqdelta", Files.readAllBytes(files.directory.resolve("guru-2-4.sqdelta")));
    files.index("guru-3");
    assertEquals(Way.FULL, sync(files.directory.toUri()).way());
    assertCurrent(new Snapshot("guru", "3"));
    assertTrue(heard.warnings.getLast().contains("SHA-512"), "" + heard.warnings);
  }

  @ParameterizedTest(name = "{0} of {1}: {2}")
  @DisplayName("leaves everything as it was where the mirror fails")
  @CsvSource({
    "TRUNCATE, guru-2.sqfs, DOWNLOAD, guru-2.sqfs",
    "STALL, guru-2.sqfs, DOWNLOAD, nothing came",
    "CORRUPT, guru-2.sqfs, DOWNLOAD, SHA-512",
    "ERROR, guru-2.sqfs, DOWNLOAD, HTTP 500",
    "CHUNKED_LONGER, guru-2.sqfs, DOWNLOAD, longer than",
    "TRUNCATE, sha512sum.txt, DOWNLOAD, sha512sum.txt",
    "STALL, sha512sum.txt, DOWNLOAD, nothing came",
    "ERROR, sha512sum.txt, DOWNLOAD, HTTP 500",
  })
  void imageFails(Fault fault, String file, Failure failure, String words) throws Exception {
    sync(files.directory.toUri());
    files.image("guru", "2").index("guru-2");
    List<String> before = cache();
    try (TestMirror mirror = new TestMirror(files.directory).with(file, fault)) {
      SyncException e = assertThrows(SyncException.class, () -> sync(mirror.uri()));
      assertEquals(failure, e.failure());
      assertTrue(e.toString().contains(words), e.toString());
      assertTrue(e.toString().contains(mirror.uri() + file), e.toString());
    }
    assertEquals(before, cache());
    assertCurrent(ONE);
  }

  @Test
  @DisplayName("copes with a server that knows no HEAD, sends no length or redirects")
  void strangeServers() throws Exception {
    try (TestMirror mirror =
        new TestMirror(files.directory)
            .with("guru-1.sqfs", Fault.CHUNKED)
            .with("sha512sum.txt", Fault.REDIRECT)) {
      assertEquals(Way.FULL, sync(mirror.uri()).way());
    }
    files.image("guru", "2").delta("guru", "1", "2").index("guru-2");
    try (TestMirror mirror =
        new TestMirror(files.directory)
            .with("guru-1-2.sqdelta", Fault.NO_HEAD)
            .with("guru-2.sqfs", Fault.NO_HEAD)) {
      Candidate choice = plan(mirror.uri()).choice().orElseThrow();
      assertEquals(delta(OptionalLong.empty()), choice);
      assertEquals(Way.DELTA, sync(mirror.uri()).way());
    }
  }

  @Test
  @DisplayName("names the address of what is not there, and of a mirror that is down")
  void missing() throws Exception {
    Files.delete(files.directory.resolve("guru-1.sqfs"));
    try (TestMirror mirror = new TestMirror(files.directory)) {
      SyncException e = assertThrows(SyncException.class, () -> sync(mirror.uri()));
      assertTrue(e.toString().contains(mirror.uri() + "guru-1.sqfs"), e.toString());
      assertTrue(e.toString().contains("404"), e.toString());
    }
    URI down;
    try (TestMirror mirror = new TestMirror(files.directory)) {
      down = mirror.uri();
    }
    SyncException e = assertThrows(SyncException.class, () -> sync(down));
    assertEquals(Failure.DOWNLOAD, e.failure());
    assertTrue(e.toString().contains("is the mirror up?"), e.toString());
    SyncException unknown =
        assertThrows(SyncException.class, () -> sync(URI.create("http://no.such.host.invalid/")));
    assertTrue(unknown.toString().contains("no such host"), unknown.toString());
    assertFalse(Files.exists(store.link("guru")));
  }

  @Test
  @DisplayName("tries mirrors in order, and says why it left one")
  void severalMirrors() throws Exception {
    URI empty = Files.createDirectory(directory.resolve("empty")).toUri();
    try (TestMirror bad = new TestMirror(files.directory).with("guru-1.sqfs", Fault.CORRUPT)) {
      assertEquals(Way.FULL, sync(empty, bad.uri(), files.directory.toUri()).way());
      assertEquals(2, heard.warnings.size());
      assertTrue(heard.warnings.get(0).contains("empty/sha512sum.txt"), "" + heard.warnings);
      assertTrue(heard.warnings.get(1).contains("SHA-512"), "" + heard.warnings);
    }
  }

  @Test
  @DisplayName("takes a damaged or touched base for none, and replaces a damaged current image")
  void damagedBase() throws Exception {
    sync(files.directory.toUri());
    Files.write(store.image(ONE), new byte[10]);
    assertEquals(Way.FULL, sync(files.directory.toUri()).way());
    assertCurrent(ONE);
    byte[] damaged = SmallMirror.image("1");
    damaged[7] ^= 1;
    Files.write(store.image(ONE), damaged);
    files.image("guru", "2").delta("guru", "1", "2").index("guru-2");
    assertEquals(Way.FULL, sync(files.directory.toUri()).way());
    assertCurrent(TWO);
    assertTrue(heard.warnings.getLast().contains("guru-1.sqfs"), "" + heard.warnings);
  }

  @Test
  @DisplayName("replaces a dangling link, with a warning")
  void danglingLink() throws Exception {
    Files.createDirectories(store.directory());
    Files.createSymbolicLink(store.link("guru"), Path.of("guru-0.sqfs"));
    assertEquals(Way.FULL, sync(files.directory.toUri()).way());
    assertCurrent(ONE);
    assertTrue(heard.warnings.getFirst().contains("guru-0.sqfs"), "" + heard.warnings);
  }

  @Test
  @DisplayName("uses an image that is here already, after a kill between rename and swap")
  void present() throws Exception {
    sync(files.directory.toUri());
    files.image("guru", "2").index("guru-2");
    Files.write(store.image(TWO), SmallMirror.image("2"));
    Files.write(store.directory().resolve(".guru:image.part"), new byte[10]);
    assertEquals(Way.PRESENT, sync(files.directory.toUri()).way());
    assertCurrent(TWO);
    assertFalse(Files.exists(store.directory().resolve(".guru:image.part")));
  }

  @Test
  @DisplayName("refuses to go back to an older snapshot, and goes on to a mirror that does not")
  void rollback() throws Exception {
    Path old = directory.resolve("old");
    SmallMirror stale = new SmallMirror(old).image("guru", "1").index("guru-1");
    files.image("guru", "2").index("guru-2");
    sync(files.directory.toUri());
    SyncException e = assertThrows(SyncException.class, () -> sync(stale.directory.toUri()));
    assertEquals(Failure.SIGNATURE, e.failure());
    assertTrue(e.toString().contains("rollback"), e.toString());
    assertCurrent(TWO);
    assertEquals(Way.UP_TO_DATE, sync(old.toUri(), files.directory.toUri()).way());
  }

  @Test
  @DisplayName("serves versions of any characters, and never takes a delta's name apart")
  void strangeVersions() throws Exception {
    String old = "1-2 %41?#&";
    String newer = "2-3+\u00e9;=";
    SmallMirror odd = new SmallMirror(directory.resolve("odd"));
    try (TestMirror mirror = new TestMirror(odd.directory)) {
      odd.image("guru", "1-2").index("guru-1-2");
      sync(mirror.uri());
      odd.image("guru", "2-3").delta("guru", "1-2", "2-3").index("guru-2-3");
      assertEquals(Way.DELTA, sync(mirror.uri()).way());
      assertEquals(
          URI.create(mirror.uri() + "guru-1-2%20%2541%3F%23&.sqfs"),
          Mirror.resolve(mirror.uri(), "guru-" + old + ".sqfs"));
      assertEquals("/guru-" + newer, Mirror.resolve(mirror.uri(), "guru-" + newer).getPath());
    }
  }

  @Test
  @DisplayName("of a repository waits for the one that is running")
  void waits() throws Exception {
    CompletableFuture<SyncResult> second;
    CountDownLatch waiting = new CountDownLatch(1);
    try (LockedRepository running = store.lock("guru")) {
      assertTrue(running.state().images().isEmpty());
      second =
          CompletableFuture.supplyAsync(
              () -> {
                try (SyncEngine engine = engine()) {
                  return engine.sync(config(files.directory.toUri()), new Waiting(waiting));
                } catch (SyncException e) {
                  throw new IllegalStateException(e);
                }
              });
      assertTrue(waiting.await(10, TimeUnit.SECONDS));
      assertFalse(second.isDone());
    }
    assertEquals(Way.FULL, second.get(10, TimeUnit.SECONDS).way());
  }

  @Test
  @DisplayName("plans without a cache, without a trace")
  void planOnly() throws Exception {
    SyncPlan plan = plan(files.directory.toUri());
    assertEquals(Optional.empty(), plan.from());
    assertEquals(OptionalLong.of(SmallMirror.SIZE), plan.choice().orElseThrow().bytes());
    assertFalse(Files.exists(store.directory()));
  }

  private record Waiting(CountDownLatch latch) implements SyncListener {
    @Override
    public void progress(String phase, long done, long total) {}

    @Override
    public void warning(String text) {}

    @Override
    public void note(String text) {
      latch.countDown();
    }
  }

  private static Candidate delta(OptionalLong bytes) {
    return Candidate.deltas(List.of(ONE, TWO), List.of("guru-1-2.sqdelta"), bytes);
  }

  private static SyncEngine engine() {
    return new SyncEngine(Posix.system(), SHORT);
  }

  private SyncResult sync(URI... uris) throws SyncException {
    try (SyncEngine engine = engine()) {
      return engine.sync(config(uris), heard);
    }
  }

  private SyncPlan plan(URI... uris) throws SyncException {
    try (SyncEngine engine = engine()) {
      return engine.plan(config(uris), heard);
    }
  }

  private RepositoryConfig config(URI... uris) {
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

  private void assertCurrent(Snapshot snapshot) throws IOException {
    Path link = store.link("guru");
    assertEquals(Path.of(snapshot.imageName()), Files.readSymbolicLink(link));
    assertArrayEquals(SmallMirror.image(snapshot.version()), Files.readAllBytes(link));
  }

  private List<String> cache() throws IOException {
    try (var all = Files.walk(store.directory())) {
      // What came of a download stays for the next sync.
      return all.filter(p -> !p.toString().endsWith(".partial"))
          .map(p -> p + " " + p.toFile().length())
          .sorted()
          .toList();
    }
  }
}
