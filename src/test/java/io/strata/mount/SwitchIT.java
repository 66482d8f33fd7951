package io.strata.mount;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.mount.SwitchResult.Outcome;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The switch of a repository's mounts")
class SwitchIT extends MountFixture {
  private Path cache = Path.of("");
  private Path config = Path.of("");

  @BeforeEach
  void repository() throws Exception {
    cache = Files.createDirectory(directory.resolve("cache"));
    Files.move(image, cache.resolve("guru-1.sqfs"));
    Files.move(image("second", "two"), cache.resolve("guru-2.sqfs"));
    config =
        Files.writeString(
            directory.resolve("repos.conf"),
            "[guru]\nlocation = "
                + mountPoint
                + "\nsync-type = squashdelta\n"
                + "sync-uri = file:///none/\nopenpgp-verify = no\nsync-squashdelta-cache = "
                + cache
                + "\n");
    current("1");
    strata.run("mount", "guru", "--config", config).expect(0);
    assertEquals("one", word());
  }

  private void current(String version) throws Exception {
    Path link = cache.resolve("guru-current.sqfs");
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, Path.of("guru-" + version + ".sqfs"));
  }

  private SwitchResult switchTo(String version) throws Exception {
    current(version);
    Path image = cache.resolve("guru-" + version + ".sqfs");
    List<SwitchResult> results = new Switcher(registry()).switchAll("guru", image, version);
    assertEquals(1, results.size());
    return results.getFirst();
  }

  @Test
  @DisplayName("serves the new snapshot in the same process, and lets the old image go")
  void switched() throws Exception {
    long pid = entry().pid();
    assertEquals(Outcome.SWITCHED, switchTo("2").outcome());
    assertEquals("two", word());
    assertEquals(pid, entry().pid());
    assertEquals("2", entry().plan().snapshot().orElseThrow());
    Strata.tool("flock", "--nonblock", cache.resolve("guru-1.sqfs").toString(), "true");
    assertEquals(Outcome.UNCHANGED, switchTo("2").outcome());
    strata.run("umount", mountPoint).expect(0);
    assertNothingLeft();
  }

  @Test
  @DisplayName("keeps the upper layer that the configuration names, and its changes")
  void upper() throws Exception {
    strata.run("umount", mountPoint).expect(0);
    Path upper = directory.resolve("upper");
    Files.writeString(
        config, Files.readString(config) + "sync-squashdelta-upper = " + upper + "\n");
    strata.run("mount", "guru", "--config", config).expect(0);
    Files.writeString(mountPoint.resolve("mine"), "kept");
    assertEquals(Outcome.SWITCHED, switchTo("2").outcome());
    assertEquals("two", word());
    assertEquals("kept", Files.readString(mountPoint.resolve("mine")));
    Files.writeString(mountPoint.resolve("word"), "changed");
    assertEquals("changed", Files.readString(upper.resolve("word")));
    strata.run("umount", mountPoint).expect(0);
    assertNothingLeft();
  }

  @Test
  @DisplayName("of another repository, or of another cache, leaves the mount alone")
  void others() throws Exception {
    Path other = Files.createDirectory(directory.resolve("other")).resolve("guru-2.sqfs");
    Switcher switcher = new Switcher(registry());
    assertEquals(List.of(), switcher.switchAll("gur", cache.resolve("guru-2.sqfs"), "2"));
    assertEquals(List.of(), switcher.switchAll("guru", other, "2"));
  }

  @Test
  @DisplayName("waits for the next mount while somebody uses it, who is named")
  void busy() throws Exception {
    try (InputStream open = Files.newInputStream(mountPoint.resolve("word"))) {
      assertEquals('o', open.read());
      SwitchResult result = switchTo("2");
      assertEquals(Outcome.BUSY, result.outcome());
      assertTrue(result.message().contains("open file " + mountPoint), result.message());
      assertEquals("one", word());
      strata.run("mount", "guru", "--config", config).expect(8).says("open file");
    }
    strata.run("mount", "guru", "--config", config).expect(0);
    assertEquals("two", word());
    strata.run("mount", "guru", "--config", config).expect(7).says("already mounted");
  }

  @Test
  @DisplayName("to an image that can't be mounted leaves the old one served, and says why")
  void damaged() throws Exception {
    Files.write(cache.resolve("guru-3.sqfs"), new byte[4096]);
    SwitchResult result = switchTo("3");
    assertEquals(Outcome.FAILED, result.outcome());
    assertTrue(result.message().contains("guru-3.sqfs"), result.message());
    assertEquals("one", word());
    assertEquals("1", entry().plan().snapshot().orElseThrow());
  }

  @Test
  @DisplayName("goes forward also when somebody removed the old image by hand")
  void oldImageGone() throws Exception {
    Files.delete(cache.resolve("guru-1.sqfs"));
    assertEquals("one", word());
    assertEquals(Outcome.SWITCHED, switchTo("2").outcome());
    assertEquals("two", word());
  }

  @Test
  @DisplayName("finds a server dead that was killed")
  void dead() throws Exception {
    Strata.tool("kill", "-9", Long.toString(entry().pid()));
    awaitEnd(entry().pid());
    SwitchResult result = switchTo("2");
    assertEquals(Outcome.DEAD, result.outcome());
    assertTrue(result.message().contains("strata umount"), result.message());
  }

  @Test
  @DisplayName("shows in status, with the snapshots that are here")
  void status() throws Exception {
    switchTo("2");
    String status = strata.run("status", "guru", "--config", config).expect(0).out();
    assertTrue(status.contains("snapshot   2"), status);
    assertTrue(status.contains("guru: at snapshot 2"), status);
  }
}
