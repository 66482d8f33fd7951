package io.strata.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import io.strata.TestData;
import io.strata.cli.Launcher.Result;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The main job on the real guru mirror")
class MainJobIT {
  private static final String OLD = "guru-20260627.sqfs";
  private static final String NEW = "guru-20260630.sqfs";

  @TempDir Path scratch;

  private Path mirror = Path.of("");
  private Path cache = Path.of("");
  private Path mountPoint = Path.of("");
  private String config = "";
  private Launcher launcher = new Launcher(Path.of(""));
  private @Nullable HttpServer server;

  @BeforeEach
  void serveTheMirror() throws IOException {
    TestData.needsRoot();
    TestData.needsFuse();
    Path original = TestData.shared("mirror");
    Path key = TestData.shared("keys/guru-snapshots.asc");
    mirror = Files.createDirectory(scratch.resolve("mirror"));
    for (String name : new String[] {OLD, NEW, "guru-20260627-20260630.sqdelta"}) {
      Files.copy(original.resolve(name), mirror.resolve(name));
    }
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    HttpServer started =
        SimpleFileServer.createFileServer(address, mirror, SimpleFileServer.OutputLevel.NONE);
    started.start();
    server = started;
    cache = Files.createDirectory(scratch.resolve("cache"));
    mountPoint = Files.createDirectory(scratch.resolve("guru"));
    config =
        Files.writeString(scratch.resolve("repos.conf"), repositoriesConfig(key, started))
            .toString();
    launcher = new Launcher(scratch);
  }

  private String repositoriesConfig(Path key, HttpServer started) {
    return String.join(
        "\n",
        "[guru]",
        "location = " + mountPoint,
        "sync-type = squashdelta",
        "sync-uri = http://127.0.0.1:" + started.getAddress().getPort() + "/",
        "auto-sync = yes",
        "openpgp-verify = required",
        "sync-openpgp-key-path = " + key,
        "sync-squashdelta-cache = " + cache,
        "sync-squashdelta-max-age = 0",
        "sync-squashdelta-upper = " + scratch.resolve("upper"),
        "");
  }

  @AfterEach
  void leaveNothing() throws Exception {
    launcher.strata("umount", "--lazy", mountPoint.toString());
    if (server != null) {
      server.stop(0);
    }
  }

  private void publish(Path index) throws IOException {
    Files.copy(index, mirror.resolve("sha512sum.txt"), StandardCopyOption.REPLACE_EXISTING);
  }

  private Result good(Result result) {
    assertEquals(0, result.exitCode(), result::toString);
    return result;
  }

  @Test
  @DisplayName("first sync, mount, edits, delta sync: the mount is on the new snapshot, edits kept")
  void wholeJob() throws Exception {
    publish(TestData.shared("mirror-variants/20260627-valid-but-older.txt"));
    good(launcher.strata("sync", "guru", "--config", config));
    assertEquals(-1, Files.mismatch(mirror.resolve(OLD), cache.resolve("guru-current.sqfs")));

    good(launcher.strata("mount", "guru", "--config", config));
    good(launcher.shell(mountPoint, "echo mine > own; sed -i 's/^/# /' metadata/layout.conf"));
    good(launcher.shell(mountPoint, "mv profiles p && rm -rf p/desc && test ! -e profiles"));

    publish(TestData.shared("mirror/sha512sum.txt"));
    Result plan = good(launcher.strata("sync", "guru", "--dry-run", "--config", config));
    assertTrue(plan.out().contains("delta"), plan::toString);
    assertTrue(plan.out().contains("209375"), plan::toString);
    assertEquals(-1, Files.mismatch(mirror.resolve(OLD), cache.resolve("guru-current.sqfs")));

    good(launcher.strata("sync", "guru", "--config", config));
    assertEquals(-1, Files.mismatch(mirror.resolve(NEW), cache.resolve("guru-current.sqfs")));
    good(launcher.shell(mountPoint, "grep -q mine own && grep -q '^# ' metadata/layout.conf"));
    good(launcher.shell(mountPoint, "test ! -e profiles && test -d p && test ! -e p/desc"));
    Result status = good(launcher.strata("status", "--config", config));
    assertTrue(status.out().contains("20260630"), status::toString);

    good(launcher.strata("rollback", "guru", "--config", config));
    assertEquals(-1, Files.mismatch(mirror.resolve(OLD), cache.resolve("guru-current.sqfs")));
    good(launcher.shell(mountPoint, "grep -q mine own && test ! -e p/desc"));
    Result held = good(launcher.strata("sync", "guru", "--config", config));
    assertTrue(held.out().startsWith("guru: 20260627: held back"), held::toString);
    good(launcher.strata("rollback", "--undo", "guru", "--config", config));
    assertEquals(-1, Files.mismatch(mirror.resolve(NEW), cache.resolve("guru-current.sqfs")));
    good(launcher.strata("umount", mountPoint.toString()));
    good(launcher.strata("gc", "--keep", "1", "--config", config));
    assertTrue(Files.notExists(cache.resolve(OLD)), "the old image is collected");
  }

  @Test
  @DisplayName(
      "a busy mount stays on the old snapshot, its holder is named, the next sync switches")
  void busy() throws Exception {
    publish(TestData.shared("mirror-variants/20260627-valid-but-older.txt"));
    good(launcher.strata("sync", "guru", "--config", config));
    good(launcher.strata("mount", "guru", "--config", config));
    publish(TestData.shared("mirror/sha512sum.txt"));

    Process holder = new ProcessBuilder("sleep", "600").directory(mountPoint.toFile()).start();
    try {
      Result busy = launcher.strata("sync", "guru", "--config", config);
      assertEquals(ExitCode.BUSY.code(), busy.exitCode(), busy::toString);
      assertTrue(busy.err().contains(Long.toString(holder.pid())), busy::toString);
      good(launcher.shell(mountPoint, "test -d profiles"));
    } finally {
      holder.destroyForcibly().waitFor();
    }
    good(launcher.strata("sync", "guru", "--config", config));
    Result status = good(launcher.strata("status", "--json", "--config", config));
    assertTrue(status.out().contains(NEW), status::toString);
  }

  @Test
  @DisplayName("each index variant is taken or refused as its name says, in each mode")
  void variants() throws Exception {
    Map<String, int[]> table = // exit codes under no, yes, required
        Map.of(
            "mirror/sha512sum.txt", new int[] {0, 0, 0},
            "mirror-variants/20260627-valid-but-older.txt", new int[] {0, 0, 0},
            "mirror-variants/current-in-armor-comment.txt", new int[] {0, 0, 0},
            "mirror-variants/unsigned.txt", new int[] {0, 0, 3},
            "mirror-variants/untrusted-signer.txt", new int[] {0, 3, 3},
            "mirror-variants/unsigned-line-before-armor.txt", new int[] {0, 0, 0},
            "mirror-variants/comment-names-unlisted-snapshot.txt", new int[] {2, 2, 2},
            "mirror-variants/tampered-digest.txt", new int[] {0, 3, 3});
    String[] modes = {"no", "yes", "required"};
    for (Map.Entry<String, int[]> row : table.entrySet()) {
      publish(TestData.shared(row.getKey()));
      for (int i = 0; i < modes.length; i++) {
        Path file = scratch.resolve(modes[i] + ".conf");
        String mode = "openpgp-verify = " + modes[i];
        String text = Files.readString(Path.of(config)).replace("openpgp-verify = required", mode);
        Files.writeString(file, text);
        Result result = launcher.strata("sync", "guru", "--dry-run", "--config", file.toString());
        assertEquals(row.getValue()[i], result.exitCode(), row.getKey() + mode + result);
      }
    }
  }
}
