package io.strata.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.TestData;
import io.strata.cli.Launcher.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Portage's sync module")
class PortageModuleIT {
  private static final Path DRIVER = Path.of("src/test/resources/portage/emaint.py");

  @TempDir Path scratch;
  private Path mountPoint = Path.of("");
  private Launcher launcher = new Launcher(Path.of(""));

  @BeforeEach
  void prepare() throws Exception {
    TestData.needsRoot();
    TestData.needsFuse();
    launcher = new Launcher(scratch);
    mountPoint = Files.createDirectory(scratch.resolve("some"));
    Files.createDirectories(scratch.resolve("root/etc/portage"));
    Files.createDirectory(scratch.resolve("modules"));
    Path module = Path.of("src/main/portage").toAbsolutePath();
    Files.createSymbolicLink(scratch.resolve("modules/squashdelta"), module);
    Files.writeString(
        scratch.resolve("root/etc/portage/repos.conf"),
        String.join(
            "\n",
            "[some]",
            "location = " + mountPoint,
            "sync-type = squashdelta",
            "sync-uri = " + scratch.resolve("mirror").toUri(),
            "auto-sync = yes",
            "openpgp-verify = no",
            "sync-squashdelta-cache = " + scratch.resolve("cache"),
            ""));
  }

  @AfterEach
  void leaveNothing() throws Exception {
    launcher.strata("umount", "--lazy", mountPoint.toString());
  }

  private void publish(String version) throws Exception {
    Path tree = Files.createDirectories(scratch.resolve("tree"));
    Files.writeString(tree.resolve("version"), version);
    String mirror = scratch.resolve("mirror").toString();
    Result result =
        launcher.strata(
            "publish", tree.toString(), "--repo", "some", "--version", version, "--to", mirror);
    assertEquals(0, result.exitCode(), result.err());
  }

  /** What sync, exists and retrieve_head gave. */
  private String emaint() throws Exception {
    String line =
        "export PYTHONDONTWRITEBYTECODE=1; PATH=%s:$PATH exec python3 %s modules some %s cache root"
            .formatted(Path.of("scripts").toAbsolutePath(), DRIVER.toAbsolutePath(), mountPoint);
    Result result = launcher.shell(scratch, line);
    assertEquals(0, result.exitCode(), result.err());
    return String.join(" ", result.out().lines().toList());
  }

  @Test
  @DisplayName("syncs, mounts what is not mounted, and says whether anything changed")
  void cycle() throws Exception {
    publish("20260101");
    assertEquals("[0, true] true [0, \"20260101\"]", emaint());
    assertEquals("20260101", Files.readString(mountPoint.resolve("version")));
    assertEquals("[0, false] true [0, \"20260101\"]", emaint());
    publish("20260102");
    assertEquals("[0, true] true [0, \"20260102\"]", emaint());
    assertEquals("20260102", Files.readString(mountPoint.resolve("version")));

    Result gone = launcher.strata("umount", "some");
    assertEquals(0, gone.exitCode(), gone.err());
    assertFalse(Files.exists(mountPoint.resolve("version")), "still mounted");
  }

  @Test
  @DisplayName("gives strata's exit code where a sync fails")
  void failure() throws Exception {
    String given = emaint();
    assertTrue(given.matches("\\[[1-9]\\d*, false\\] false \\[1, false\\]"), given);
  }
}
