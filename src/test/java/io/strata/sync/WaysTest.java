package io.strata.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.TestData;
import io.strata.delta.ProgressListener;
import io.strata.delta.sqdelta2.Sqdelta2Maker;
import io.strata.squashfs.ImageTools;
import io.strata.store.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The way of a sync")
class WaysTest {
  @TempDir Path directory;
  private SyncFixture fixture;
  private SmallMirror files;

  @BeforeEach
  void oneIsHere() throws Exception {
    fixture = new SyncFixture(directory);
    files = fixture.files;
    fixture.sync(fixture.directory());
  }

  @Test
  @DisplayName("is the chain of deltas where that is the cheapest, and is planned with its bytes")
  void chain() throws Exception {
    files.image("guru", "2").image("guru", "3").delta("guru", "1", "2").delta("guru", "2", "3");
    files.image("guru", "1-2").delta("guru", "1-2", "3");
    SyncPlan plan;
    try (RawServer server = new RawServer(files.index("guru-3").directory)) {
      plan = fixture.plan(server.uri());
      SyncResult result = fixture.sync(server.uri());
      assertEquals(Way.CHAIN, result.way());
      assertEquals(size("guru-1-2.sqdelta") + size("guru-2-3.sqdelta"), result.bytes());
    }
    assertEquals(
        List.of(
            "CHAIN [guru-1-2.sqdelta, guru-2-3.sqdelta] "
                + (size("guru-1-2.sqdelta") + size("guru-2-3.sqdelta")),
            "FULL [guru-3.sqfs] " + SmallMirror.SIZE,
            "DELTA [guru-1-3.sqdelta] the mirror has none"),
        lines(plan));
    fixture.assertCurrent("3");
    assertEquals(List.of("guru-1.sqfs", "guru-3.sqfs", "guru-current.sqfs"), fixture.cache());
    assertEquals(List.of(), fixture.heard.warnings);
  }

  @Test
  @DisplayName("is the direct delta where a chain costs more, and the full image where both do")
  void cheapest() throws Exception {
    files.image("guru", "2").image("guru", "3").delta("guru", "1", "2").delta("guru", "2", "3");
    files.delta("guru", "1", "3").index("guru-3");
    assertEquals(Way.DELTA, fixture.plan(fixture.directory()).choice().orElseThrow().way());
    files.file("guru-1-3.sqdelta", new byte[SmallMirror.SIZE + 1]);
    files.file("guru-2-3.sqdelta", new byte[SmallMirror.SIZE + 1]).index("guru-3");
    SyncPlan plan = fixture.plan(fixture.directory());
    assertEquals(Way.FULL, plan.choice().orElseThrow().way());
    assertEquals(
        List.of(Way.FULL, Way.DELTA, Way.CHAIN),
        plan.candidates().stream().map(Candidate::way).toList());
  }

  @Test
  @DisplayName("is an .sqdelta2 where one is listed and cheaper than the .sqdelta")
  void ours() throws Exception {
    Path tree = Files.createDirectory(directory.resolve("tree"));
    byte[] content = SmallMirror.image("2");
    Files.write(tree.resolve("file"), content);
    Path old = ImageTools.mksquashfs(tree, directory.resolve("2.sqfs"));
    Files.writeString(tree.resolve("more"), "more");
    Path young = ImageTools.mksquashfs(tree, directory.resolve("3.sqfs"));
    files.file("guru-2.sqfs", Files.readAllBytes(old)).index("guru-2");
    fixture.sync(fixture.directory());
    Path delta = directory.resolve("delta");
    new Sqdelta2Maker().make(old, young, delta, ProgressListener.NONE);
    files.file("guru-3.sqfs", Files.readAllBytes(young));
    files.file("guru-2-3.sqdelta2", Files.readAllBytes(delta)).index("guru-3");
    assertFalse(lines(fixture.plan(fixture.directory())).toString().contains("has none"));
    files.file("guru-2-3.sqdelta", new byte[100_000]).index("guru-3");
    SyncResult result = fixture.sync(fixture.directory());
    assertEquals(Way.DELTA, result.way());
    assertEquals(Files.size(delta), result.bytes());
    fixture.assertCurrent("3", Files.readAllBytes(young));
    assertEquals(List.of(), fixture.heard.warnings);
  }

  @Test
  @DisplayName("goes on from what was made, where a later delta of a chain fails")
  void keepsWhatIsThere() throws Exception {
    files.image("guru", "2").image("guru", "3").image("guru", "4");
    files.delta("guru", "1", "2").delta("guru", "2", "4");
    files.file("guru-2-3.sqdelta", new byte[10]).file("guru-3-4.sqdelta", new byte[10]);
    files.index("guru-4");
    try (RawServer server = new RawServer(files.directory)) {
      // The broken chain over 3 looks cheaper than the delta from 2 on.
      assertEquals(Way.DELTA, fixture.sync(server.uri()).way());
      assertEquals(1, server.gets("guru-1-2.sqdelta").size());
      assertEquals(1, server.gets("guru-2-4.sqdelta").size());
      assertEquals(List.of(), server.gets("guru-4.sqfs"));
    }
    fixture.assertCurrent("4");
    assertEquals(1, fixture.heard.warnings.size(), "" + fixture.heard.warnings);
    assertTrue(fixture.heard.warnings.getFirst().contains("guru-2-3.sqdelta"));
  }

  @Test
  @DisplayName("begins at any sound image here, not only at the current one")
  void otherBase() throws Exception {
    files.image("guru", "2").index("guru-2");
    fixture.sync(fixture.directory());
    files.image("guru", "3").delta("guru", "1", "3").index("guru-3");
    assertEquals(Way.DELTA, fixture.sync(fixture.directory()).way());
    fixture.assertCurrent("3");
  }

  @Test
  @DisplayName("is the full image where the base is damaged, which is set aside, said and removed")
  void damagedBase() throws Exception {
    Path image = fixture.store.image(new Snapshot("guru", "1"));
    files.image("guru", "2").delta("guru", "1", "2").index("guru-2");
    Files.write(image, Arrays.copyOf(SmallMirror.image("1"), 1000));
    assertEquals(Way.FULL, fixture.sync(fixture.directory()).way());
    fixture.assertCurrent("2");
    assertTrue(fixture.heard.warnings.getFirst().contains(image + ": damaged; it is set aside"));
    assertFalse(Files.exists(image));
    fixture.sync(fixture.directory());
    assertEquals(List.of("guru-2.sqfs", "guru-current.sqfs"), fixture.cache());
  }

  @Test
  @DisplayName("believes size, time and inode of a base, unless it is to verify")
  void verify() throws Exception {
    Path image = fixture.store.image(new Snapshot("guru", "1"));
    FileTime before = Files.getLastModifiedTime(image);
    byte[] damaged = SmallMirror.image("1");
    damaged[0] ^= 1;
    Files.write(image, damaged);
    Files.setLastModifiedTime(image, before);
    assertEquals(Way.UP_TO_DATE, fixture.sync(fixture.directory()).way());
    try (SyncEngine engine = fixture.engine(SyncFixture.SHORT, Map.of())) {
      SyncOptions verify = SyncOptions.DEFAULT.withVerify(true);
      assertEquals(
          Way.FULL, engine.sync(fixture.config(fixture.directory()), verify, fixture.heard).way());
    }
    fixture.assertCurrent("1");
    assertTrue(fixture.heard.warnings.getLast().contains("damaged"));
  }

  @Test
  @DisplayName("that a delta fails which this library can't reproduce names block and library")
  void recompression() throws Exception {
    Path vector = TestData.shared("squashmerge-vectors");
    SmallMirror real = new SmallMirror(directory.resolve("real"));
    byte[] old = Files.readAllBytes(vector.resolve("01-sqfs-lz4hc.in"));
    byte[] now = Files.readAllBytes(vector.resolve("01-sqfs-lz4hc.out"));
    real.file("guru-10.sqfs", old).index("guru-10");
    fixture.sync(real.directory.toUri());
    real.file("guru-11.sqfs", now);
    real.file("guru-10-11.sqdelta", Files.readAllBytes(vector.resolve("01-sqfs-lz4hc.sqdelta")));
    real.index("guru-11");
    assertEquals(Way.FULL, fixture.sync(real.directory.toUri()).way());
    String warning = fixture.heard.warnings.getLast();
    assertTrue(warning.matches(".*block [0-9]+ of [0-9]+ at offset .*lz4 [0-9.]+ comp.*"), warning);
    assertTrue(warning.endsWith("trying the full image"), warning);
  }

  @Test
  @DisplayName("asks of many deltas only those that lead from here to there")
  void onlyUseful() throws Exception {
    for (String version : List.of("2", "3", "4")) {
      files.image("guru", version);
    }
    files.file("guru-2-1.sqdelta", new byte[9]).file("guru-4-2.sqdelta", new byte[9]);
    files.file("guru-4-3.sqdelta", new byte[9]).delta("guru", "1", "3").index("guru-3");
    try (RawServer server = new RawServer(files.directory)) {
      assertEquals(Way.DELTA, fixture.sync(server.uri()).way());
      List<String> asked =
          server.requests().stream()
              .map(RawServer.Request::file)
              .filter(f -> f.endsWith(".sqdelta"))
              .distinct()
              .toList();
      assertEquals(List.of("guru-1-3.sqdelta"), asked);
    }
  }

  @Test
  @DisplayName("fails and leaves all as it was where none leads there")
  void none() throws Exception {
    files.image("guru", "2").delta("guru", "1", "2").index("guru-2");
    Files.write(files.directory.resolve("guru-2.sqfs"), new byte[SmallMirror.SIZE]);
    Files.write(files.directory.resolve("guru-1-2.sqdelta"), new byte[5]);
    SyncException e = assertThrows(SyncException.class, () -> fixture.sync(fixture.directory()));
    assertTrue(e.toString().contains("guru-2.sqfs"), e.toString());
    fixture.assertCurrent("1");
    assertEquals(List.of("guru-1.sqfs", "guru-current.sqfs"), fixture.cache());
  }

  private long size(String file) throws IOException {
    return Files.size(files.directory.resolve(file));
  }

  private static List<String> lines(SyncPlan plan) {
    return plan.candidates().stream()
        .map(
            c ->
                c.way()
                    + " "
                    + c.files()
                    + " "
                    + c.obstacle().map(Obstacle::why).orElse("" + c.bytes().orElse(-1)))
        .toList();
  }
}
