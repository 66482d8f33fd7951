package io.strata.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.store.FileStamp;
import io.strata.store.ImageRecord;
import io.strata.store.LockedRepository;
import io.strata.store.RepositoryState;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A file of a mirror")
class FileLimitsTest {
  private static final String FILE = "guru-1.sqfs";

  @TempDir Path directory;
  private SyncFixture fixture;

  @BeforeEach
  void mirror() throws Exception {
    fixture = new SyncFixture(directory);
  }

  @Test
  @DisplayName("that the mirror says is larger than it may be is not asked for")
  void tooLarge() throws Exception {
    try (RawServer server = new RawServer(fixture.files.directory);
        SyncEngine engine = fixture.engine(SyncFixture.SHORT, Map.of())) {
      RepositoryConfig config = fixture.config(server.uri());
      RepositoryConfig tight = config.withMaxSize(SmallMirror.SIZE - 1);
      SyncException e = assertThrows(SyncException.class, () -> engine.sync(tight, fixture.heard));
      assertEquals(Failure.DOWNLOAD, e.failure());
      assertTrue(e.toString().contains("sync-squashdelta-max-size (299999)"), e.toString());
      assertEquals(List.of(), server.gets(FILE));
      engine.sync(config.withMaxSize(SmallMirror.SIZE), fixture.heard);
      fixture.assertCurrent("1");
    }
  }

  @Test
  @DisplayName("whose length nobody says is read to what it may have, and thrown away")
  void endless() throws Exception {
    AtomicInteger sent = new AtomicInteger();
    try (RawServer server = new RawServer(fixture.files.directory);
        SyncEngine engine = fixture.engine(SyncFixture.SHORT, Map.of())) {
      server.on(
          FILE,
          (request, out) -> {
            if (request.isHead()) {
              RawServer.head(out, "405 No", "Content-Length: 0");
              return;
            }
            RawServer.head(out, "200 OK", "Transfer-Encoding: chunked");
            byte[] chunk = new byte[1 << 16];
            while (true) {
              out.write("10000\r\n".getBytes(StandardCharsets.US_ASCII));
              out.write(chunk);
              out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
              sent.incrementAndGet();
            }
          });
      RepositoryConfig config = fixture.config(server.uri()).withMaxSize(1 << 20);
      SyncException e = assertThrows(SyncException.class, () -> engine.sync(config, fixture.heard));
      assertTrue(e.toString().contains("longer than the 1048576 bytes"), e.toString());
      assertTrue(e.toString().contains("set sync-squashdelta-max-size"), e.toString());
      assertTrue(sent.get() < 2000, "" + sent);
      assertEquals(List.of(), fixture.cache());
    }
  }

  @Test
  @DisplayName(
      "that is said to be larger than the disk costs no image here; another mirror is asked")
  void incredible() throws Exception {
    fixture.sync(fixture.directory());
    fixture.files.image("guru", "2").index("guru-2");
    fixture.sync(fixture.directory());
    fixture.files.image("guru", "3").index("guru-3");
    try (RawServer server = new RawServer(fixture.files.directory)) {
      server.on(
          "guru-3.sqfs",
          (_, out) -> RawServer.head(out, "200 OK", "Content-Length: " + (1L << 55)));
      SyncException e = assertThrows(SyncException.class, () -> fixture.sync(server.uri()));
      assertEquals(Failure.DOWNLOAD, e.failure());
      assertTrue(e.toString().contains("is that a mirror?"), e.toString());
      assertTrue(fixture.cache().contains("guru-1.sqfs"), "for a rollback");
      fixture.sync(server.uri(), fixture.directory());
      fixture.assertCurrent("3");
    }
  }

  @Test
  @DisplayName("that comes and comes is left after some time, and what came is kept")
  void tooLong() throws Exception {
    try (RawServer server = new RawServer(fixture.files.directory);
        Mirrors mirrors = new Mirrors(SyncFixture.SHORT, Map.of());
        LockedRepository repository = fixture.store.lock("guru")) {
      server.on(
          FILE,
          (_, out) -> {
            RawServer.head(out, "200 OK", "Content-Length: " + SmallMirror.SIZE);
            while (true) {
              out.write(new byte[100]);
              out.flush();
              Thread.sleep(10);
            }
          });
      Mirror mirror = mirrors.open(server.uri());
      FileLimits limits = new FileLimits(OptionalLong.empty(), 1 << 20, Duration.ofMillis(200));
      try (Partial partial = Partial.open(repository, "0".repeat(128))) {
        MirrorException e =
            assertThrows(
                MirrorException.class,
                () ->
                    new Download(mirror, limits, fixture.heard)
                        .into(partial, FILE, OptionalLong.empty(), repository));
        assertEquals(MirrorException.Kind.REFUSED, e.kind());
        assertTrue(e.toString().contains("the next sync goes on"), e.toString());
        assertTrue(partial.length() > 100, "" + partial.length());
      }
    }
  }

  @Test
  @DisplayName("of unsaid length may have some times what is here")
  void unsaid() {
    RepositoryConfig config = fixture.config();
    RepositoryState state = RepositoryState.EMPTY;
    assertEquals(16L << 30, FileLimits.of(config, state).unsaid());
    state = state.withImage(image("1", 1000));
    assertEquals(64L << 20, FileLimits.of(config, state).unsaid());
    state = state.withImage(image("2", 1L << 30));
    assertEquals(8L << 30, FileLimits.of(config, state).unsaid());
    assertEquals(OptionalLong.empty(), FileLimits.of(config, state).most());
    assertEquals(5, FileLimits.of(config.withMaxSize(5), state).unsaid());
  }

  private static ImageRecord image(String version, long size) {
    return new ImageRecord(version, "0".repeat(128), new FileStamp(size, 0, 0));
  }
}
