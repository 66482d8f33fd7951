package io.strata.sync;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.TestData;
import io.strata.posix.Posix;
import io.strata.store.ImageStore;
import io.strata.sync.TestMirror.Fault;
import io.strata.trust.Verification;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("On a full disk, a sync")
class FullDiskIT {
  /** Bytes of a download that come before the disk is filled. */
  private static final int BEGUN = 10_000;

  @TempDir Path directory;
  private Path cache;
  private SmallMirror files;
  private final Heard heard = new Heard();

  @BeforeEach
  void mount() throws Exception {
    TestData.needsRoot();
    cache = Files.createDirectory(directory.resolve("cache"));
    // Room for one image of 300,000 bytes and what is remembered of it, not for two.
    run("mount", "-t", "tmpfs", "-o", "size=560k", "strata-test", cache.toString());
    files = new SmallMirror(directory.resolve("mirror")).image("guru", "1").index("guru-1");
  }

  @AfterEach
  void unmount() throws Exception {
    run("umount", cache.toString());
  }

  @Test
  @DisplayName("says so, with the bytes that are missing, and leaves what was current")
  void knownLength() throws Exception {
    sync(Optional.empty());
    files.image("guru", "2").delta("guru", "1", "2").index("guru-2");
    SyncException e = assertThrows(SyncException.class, () -> sync(Optional.empty()));
    assertEquals(Failure.NO_SPACE, e.failure());
    assertTrue(e.toString().contains("bytes are missing"), e.toString());
    assertUntouched();
  }

  @Test
  @DisplayName("is not begun: the plan bars each way, with what it needs")
  void plan() throws Exception {
    sync(Optional.empty());
    files.image("guru", "2").delta("guru", "1", "2").index("guru-2");
    try (RawServer server = new RawServer(files.directory);
        SyncEngine engine = new SyncEngine(Posix.system(), SyncFixture.SHORT)) {
      SyncPlan plan = engine.plan(config(server.uri()), heard);
      assertEquals(Optional.empty(), plan.choice());
      assertEquals(2, plan.candidates().size());
      for (Candidate candidate : plan.candidates()) {
        assertEquals(Failure.NO_SPACE, candidate.obstacle().orElseThrow().failure());
      }
      assertThrows(SyncException.class, () -> sync(server.uri()));
      assertEquals(List.of(), server.gets("guru-2.sqfs"));
      assertEquals(List.of(), server.gets("guru-1-2.sqdelta"));
    }
    assertUntouched();
  }

  @Test
  @DisplayName("that notices only on the way leaves no half of a file")
  void unknownLength() throws Exception {
    sync(Optional.empty());
    files.image("guru", "2").index("guru-2");
    byte[] content = SmallMirror.image("2");
    try (RawServer server = new RawServer(files.directory)) {
      server.on(
          "guru-2.sqfs",
          (request, out) -> {
            RawServer.head(out, "200 OK", "Content-Type: x");
            if (!request.isHead()) {
              out.write(content);
            }
          });
      SyncException e = assertThrows(SyncException.class, () -> sync(server.uri()));
      assertEquals(Failure.NO_SPACE, e.failure());
      assertTrue(e.toString().contains("no space left"), e.toString());
      assertTrue(e.toString().contains("the mirror does not say"), e.toString());
    }
    assertUntouched();
  }

  @Test
  @DisplayName("that somebody else fills on the way says how many bytes are missing")
  void filledMeanwhile() throws Exception {
    byte[] content = SmallMirror.image("1");
    Path other = cache.resolve("other");
    try (RawServer server = new RawServer(files.directory)) {
      server.on(
          "guru-1.sqfs",
          (request, out) -> {
            RawServer.head(out, "200 OK", "Content-Length: " + content.length);
            if (!request.isHead()) {
              out.write(content, 0, BEGUN);
              out.flush();
              awaitPartial();
              Files.write(other, new byte[400_000]);
              out.write(content, BEGUN, content.length - BEGUN);
            }
          });
      SyncException e = assertThrows(SyncException.class, () -> sync(server.uri()));
      assertEquals(Failure.NO_SPACE, e.failure());
      // 560 KiB, less the other file and a page or two for what is remembered.
      String missing = e.toString().replaceAll(".*: ([0-9]+) bytes are missing of 300000.*", "$1");
      assertEquals(133_000, Integer.parseInt(missing), 25_000);
    }
    Files.delete(other);
    try (var all = Files.list(cache)) {
      assertEquals(List.of(".strata"), all.map(p -> "" + p.getFileName()).toList());
    }
    assertEquals(Way.FULL, sync(Optional.empty()).way());
  }

  /** Until the first bytes of a download are on the disk. */
  private void awaitPartial() throws IOException {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (System.nanoTime() < end) {
      try (var all = Files.list(cache)) {
        if (all.anyMatch(FullDiskIT::isBegun)) {
          return;
        }
      }
    }
    throw new IOException("the client writes nothing");
  }

  private static boolean isBegun(Path path) {
    String name = path.toString();
    boolean isNote = name.contains(".from");
    return name.endsWith(".partial") && !isNote && path.toFile().length() > 0;
  }

  private void assertUntouched() throws Exception {
    Path link = new ImageStore(cache, Posix.system()).link("guru");
    assertEquals(Path.of("guru-1.sqfs"), Files.readSymbolicLink(link));
    assertArrayEquals(SmallMirror.image("1"), Files.readAllBytes(link));
    try (var all = Files.list(cache)) {
      assertEquals(
          List.of(".strata", "guru-1.sqfs", "guru-current.sqfs"),
          all.map(p -> "" + p.getFileName()).sorted().toList());
    }
  }

  private SyncResult sync(Optional<Fault> fault) throws Exception {
    try (TestMirror mirror = new TestMirror(files.directory)) {
      fault.ifPresent(f -> mirror.with("guru-2.sqfs", f));
      return sync(mirror.uri());
    }
  }

  private SyncResult sync(URI mirror) throws Exception {
    try (SyncEngine engine = new SyncEngine(Posix.system(), SyncFixture.SHORT)) {
      return engine.sync(config(mirror), heard);
    }
  }

  private RepositoryConfig config(URI mirror) {
    return new RepositoryConfig(
        "guru",
        Optional.empty(),
        List.of(mirror),
        true,
        Verification.NO,
        Optional.empty(),
        cache,
        Optional.empty());
  }

  private static void run(String... command) throws Exception {
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
  }
}
