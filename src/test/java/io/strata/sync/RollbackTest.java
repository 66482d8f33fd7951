package io.strata.sync;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.posix.Posix;
import io.strata.store.ImageStore;
import io.strata.store.LockedRepository;
import io.strata.store.Snapshot;
import io.strata.trust.Verification;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A rollback")
class RollbackTest {
  private static final Snapshot ONE = new Snapshot("guru", "1");
  private static final Snapshot TWO = new Snapshot("guru", "2");
  private static final Snapshot THREE = new Snapshot("guru", "3");

  @TempDir Path directory;
  private SmallMirror files;
  private ImageStore store;
  private RepositoryConfig config;
  private final Heard heard = new Heard();
  private final Rollback rollback = new Rollback(Posix.system());

  @BeforeEach
  void twoSyncs() throws Exception {
    files = new SmallMirror(directory.resolve("mirror"));
    store = new ImageStore(directory.resolve("cache"), Posix.system());
    config =
        new RepositoryConfig(
            "guru",
            Optional.empty(),
            List.of(files.directory.toUri()),
            true,
            Verification.NO,
            Optional.empty(),
            store.directory(),
            Optional.empty());
    publish("1");
    sync();
    publish("2");
    sync();
  }

  @Test
  @DisplayName("goes to the snapshot before; syncs stay there until the mirror has a newer one")
  void holds() throws Exception {
    assertEquals(new Rollback.Step(Optional.of(TWO), ONE), back());
    assertCurrent("1");
    for (int i = 0; i < 2; i++) {
      heard.notes.clear();
      SyncResult result = sync();
      assertEquals(Way.HELD, result.way());
      assertEquals(ONE, result.to());
      assertTrue(heard.notes.toString().contains("rollback from 2"), heard.notes.toString());
      assertCurrent("1");
    }
    assertEquals(Way.HELD, plan().choice().orElseThrow().way());
    publish("3");
    assertEquals(Way.FULL, sync().way());
    assertCurrent("3");
    assertEquals(new Rollback.Step(Optional.of(THREE), ONE), back(), "2 is skipped for good");
    assertEquals(Way.HELD, sync().way());
  }

  @Test
  @DisplayName("done again goes one more back; what was left first is what is held back")
  void twice() throws Exception {
    publish("3");
    sync();
    back();
    assertCurrent("2");
    assertEquals(new Rollback.Step(Optional.of(TWO), ONE), back());
    assertCurrent("1");
    assertEquals(Failure.NO_SNAPSHOT, assertThrows(SyncException.class, this::back).failure());
    assertCurrent("1");
    assertEquals(Way.HELD, sync().way());
    assertEquals(
        Optional.of(new Rollback.Step(Optional.of(ONE), THREE)),
        rollback.undo(config, Turn.WAIT, heard));
    assertCurrent("3");
    assertEquals(Way.UP_TO_DATE, sync().way());
  }

  @Test
  @DisplayName("to a damaged image is refused, and nothing changes")
  void damaged() throws Exception {
    byte[] content = SmallMirror.image("1");
    content[7] ^= 1;
    Files.write(store.image(ONE), content);
    SyncException e = assertThrows(SyncException.class, this::back);
    assertEquals(Failure.IMAGE, e.failure());
    assertTrue(e.toString().contains("guru-1.sqfs"), e.toString());
    assertCurrent("2");
    assertEquals(Way.UP_TO_DATE, sync().way());
  }

  @Test
  @DisplayName("is given up, with a warning, when the image that it went to is damaged later")
  void damagedLater() throws Exception {
    back();
    Files.write(store.image(ONE), new byte[9]);
    assertEquals(Way.PRESENT, sync().way());
    assertCurrent("2");
    assertTrue(heard.warnings.toString().contains("is given up"), heard.warnings.toString());
    assertEquals(Way.UP_TO_DATE, sync().way());
  }

  @Test
  @DisplayName("whose image was collected is undone by the next sync")
  void undoneLater() throws Exception {
    back();
    try (LockedRepository locked = store.lock("guru")) {
      assertEquals(1, locked.collect(1).size());
    }
    assertEquals(Optional.empty(), rollback.undo(config, Turn.WAIT, heard));
    assertCurrent("1");
    assertEquals(Way.FULL, sync().way());
    assertCurrent("2");
    assertEquals(
        Failure.NO_SNAPSHOT,
        assertThrows(SyncException.class, () -> rollback.undo(config, Turn.WAIT, heard)).failure());
  }

  @Test
  @DisplayName("from a link that dangles goes to the last that was current and is here")
  void dangling() throws Exception {
    Files.delete(store.image(TWO));
    assertEquals(new Rollback.Step(Optional.empty(), ONE), back());
    assertCurrent("1");
  }

  @Test
  @DisplayName("and a sync wait for who has the repository, or give up; others go on meanwhile")
  void turns() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    try (LockedRepository _ = store.lock("guru");
        SyncEngine engine = new SyncEngine(Posix.system(), Timeouts.DEFAULT)) {
      assertBusy(() -> rollback.back(config, Turn.GIVE_UP, heard));
      assertBusy(() -> engine.sync(config, SyncOptions.DEFAULT.withTurn(Turn.GIVE_UP), heard));
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  back();
                  ended.countDown();
                } catch (SyncException e) {
                  heard.warning(e.toString());
                }
              });
      while (heard.notes.isEmpty()) {
        Thread.onSpinWait();
      }
      assertEquals(1, ended.getCount());
      try (LockedRepository other = Turn.GIVE_UP.take(store, "gentoo", heard)) {
        assertEquals(store, other.store());
      }
    }
    assertTrue(ended.await(20, TimeUnit.SECONDS), heard.warnings.toString());
    assertCurrent("1");
  }

  private static void assertBusy(org.junit.jupiter.api.function.Executable call) {
    assertEquals(Failure.BUSY, assertThrows(SyncException.class, call).failure());
  }

  private Rollback.Step back() throws SyncException {
    return rollback.back(config, Turn.WAIT, heard);
  }

  private SyncPlan plan() throws Exception {
    try (SyncEngine engine = new SyncEngine(Posix.system(), Timeouts.DEFAULT)) {
      return engine.plan(config, heard);
    }
  }

  private SyncResult sync() throws Exception {
    try (SyncEngine engine = new SyncEngine(Posix.system(), Timeouts.DEFAULT)) {
      return engine.sync(config, heard);
    }
  }

  private void publish(String version) throws Exception {
    files.image("guru", version).index("guru-" + version);
  }

  private void assertCurrent(String version) throws Exception {
    Path link = store.link("guru");
    assertEquals(Path.of("guru-" + version + ".sqfs"), Files.readSymbolicLink(link));
    assertArrayEquals(SmallMirror.image(version), Files.readAllBytes(link));
  }
}
