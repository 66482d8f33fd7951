package io.strata.mount;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A mount with an upper layer")
class UnionMountIT extends MountFixture {
  private Path upper = Path.of("");

  @BeforeEach
  void name() {
    upper = directory.resolve("upper");
  }

  @ParameterizedTest
  @DisplayName("keeps changes in it, over the end of the mount, on each transport")
  @ValueSource(strings = {"kernel", "libfuse"})
  void changes(String transport) throws Exception {
    Strata.Outcome made =
        strata.run("mount", image, mountPoint, "--upper", upper, "--transport", transport);
    made.expect(0);
    assertTrue(made.err().contains(upper + ": made"), made.err());
    assertTrue(made.err().contains(upper + ".work: made"), made.err());
    Files.writeString(mountPoint.resolve("word"), "changed");
    Files.delete(mountPoint.resolve("sleep"));
    String status = strata.run("status").expect(0).out();
    assertTrue(status.contains("upper      " + upper), status);
    assertTrue(status.contains("transport  " + transport), status);
    strata.run("umount", mountPoint).expect(0);
    assertEquals("changed", Files.readString(upper.resolve("word")));
    mount("--upper", upper);
    assertEquals("changed", word());
    assertEquals(Set.of("word", "sub"), names(mountPoint));
    strata.run("umount", mountPoint).expect(0);
    assertNothingLeft();
  }

  private static Set<String> names(Path place) throws IOException {
    try (var entries = Files.list(place)) {
      return entries.map(entry -> entry.getFileName().toString()).collect(Collectors.toSet());
    }
  }

  @Test
  @DisplayName("is refused a second time, with the other mount named")
  void usedTwice() throws Exception {
    mount("--upper", upper);
    Path second = Files.createDirectory(directory.resolve("second"));
    strata
        .run("mount", image, second, "--upper", upper, "--work", directory.resolve("other.work"))
        .expect(8)
        .says(upper.toString(), mountPoint.toString(), "pid " + entry().pid());
    assertFalse(Files.exists(directory.resolve("other.work")), "a directory was left behind");
    strata.run("umount", mountPoint).expect(0);
  }

  @Test
  @DisplayName("can be had again at once after umount(8), which does not wait for the server")
  void mountedAgain() throws Exception {
    mount("--upper", upper);
    Files.writeString(mountPoint.resolve("word"), "changed");
    String pid = Long.toString(entry().pid());
    Strata.tool("kill", "-STOP", pid);
    Strata.tool("umount", "-l", mountPoint.toString());
    Process again = strata.start("mount", image, mountPoint, "--upper", upper);
    awaitWaiter(again);
    Strata.tool("kill", "-CONT", pid);
    assertTrue(again.waitFor(20, TimeUnit.SECONDS));
    assertEquals(0, again.exitValue());
    assertEquals("changed", word());
    strata.run("umount", mountPoint).expect(0);
  }

  /** Until the process has met the other server: Java waits for one in a thread of this name. */
  private static void awaitWaiter(Process process) throws Exception {
    Path threads = Path.of("/proc", Long.toString(process.pid()), "task");
    while (process.isAlive()) {
      try (DirectoryStream<Path> all = Files.newDirectoryStream(threads)) {
        for (Path thread : all) {
          if (Files.readString(thread.resolve("comm")).startsWith("process reaper")) {
            return;
          }
        }
      } catch (IOException e) {
        continue; // a thread ended meanwhile
      }
      Thread.sleep(5);
    }
  }

  @Test
  @DisplayName(
      "shows the files of an image with the owners of -o uid=, gid=, and copies them up so")
  void owners() throws Exception {
    mount("--upper", upper, "-o", "uid=4242,gid=4343");
    assertEquals("4242 4343", owner(mountPoint.resolve("word")));
    Files.writeString(mountPoint.resolve("word"), "changed");
    assertEquals("4242 4343", owner(mountPoint.resolve("word")));
    assertEquals("4242 4343", owner(upper.resolve("word")));
    strata.run("umount", mountPoint).expect(0);

    mount("-o", "uid=4242");
    assertEquals("4242 0", owner(mountPoint.resolve("word")));
    assertEquals("4242 0", owner(mountPoint));
    strata.run("umount", mountPoint).expect(0);
  }

  private static String owner(Path file) throws Exception {
    return Strata.tool("stat", "-c", "%u %g", file.toString()).strip();
  }

  @Test
  @DisplayName("can't be used while a kernel overlay has it")
  void usedByOverlay() throws Exception {
    Files.createDirectories(upper);
    Path work = Files.createDirectory(directory.resolve("upper.work"));
    Path lower = Files.createDirectory(directory.resolve("lower"));
    Path other = Files.createDirectory(directory.resolve("overlay"));
    String options = "lowerdir=" + lower + ",upperdir=" + upper + ",workdir=" + work;
    Strata.tool("mount", "-t", "overlay", "none", "-o", options, other.toString());
    try {
      strata
          .run("mount", image, mountPoint, "--upper", upper)
          .expect(8)
          .says(upper.toString(), other.toString());
    } finally {
      Strata.tool("umount", other.toString());
    }
  }

  @Test
  @DisplayName("can't be used while a server that this user does not know has it")
  void locked() throws Exception {
    Files.createDirectories(upper);
    Process holder =
        new ProcessBuilder("flock", "-F", upper.toString(), "sh", "-c", "echo held; exec sleep 60")
            .start();
    try {
      assertEquals('h', holder.getInputStream().read());
      strata
          .run("mount", image, mountPoint, "--upper", upper)
          .expect(8)
          .says(upper.toString(), "used by another mount");
    } finally {
      holder.destroyForcibly().waitFor();
    }
    assertNothingLeft();
  }

  @Test
  @DisplayName("can be written to no more with -o ro, and shows what was changed before")
  void readOnly() throws Exception {
    mount("--upper", upper);
    Files.writeString(mountPoint.resolve("new"), "n");
    strata.run("umount", mountPoint).expect(0);
    mount("--upper", upper, "-o", "ro");
    assertEquals("n", Files.readString(mountPoint.resolve("new")));
    assertThrows(IOException.class, () -> Files.writeString(mountPoint.resolve("word"), "changed"));
    strata.run("umount", mountPoint).expect(0);
  }

  @Test
  @DisplayName("has more layers underneath: images and directories, the topmost first")
  void lowers() throws Exception {
    Path tree = Files.createDirectory(directory.resolve("plain"));
    Files.writeString(tree.resolve("word"), "plain");
    Files.writeString(tree.resolve("below"), "plain");
    Path second = image("second", "two");
    mount("--upper", upper, "--lower", second, "--lower", tree);
    assertEquals("one", word());
    assertEquals("plain", Files.readString(mountPoint.resolve("below")));
    assertEquals(Set.of("word", "sub", "sleep", "below"), names(mountPoint));
    strata.run("umount", mountPoint).expect(0);
    mount("--lower", tree);
    assertEquals("plain", Files.readString(mountPoint.resolve("below")));
    assertThrows(IOException.class, () -> Files.writeString(mountPoint.resolve("x"), "x"));
    strata.run("umount", mountPoint).expect(0);
    assertNothingLeft();
  }

  @Test
  @DisplayName("lies over directories alone, named as SOURCE or as for mount -t overlay")
  void directories() throws Exception {
    Path top = Files.createDirectory(directory.resolve("top:1"));
    Path bottom = Files.createDirectory(directory.resolve("bottom"));
    Files.writeString(top.resolve("word"), "top");
    Files.writeString(bottom.resolve("word"), "bottom");
    Files.writeString(bottom.resolve("below"), "bottom");
    strata.run("mount", top, mountPoint).expect(0);
    assertEquals("top", word());
    strata.run("umount", mountPoint).expect(0);
    strata.run("mount", top, mountPoint, "--upper", upper, "--lower", bottom).expect(0);
    Files.delete(mountPoint.resolve("word"));
    strata.run("umount", mountPoint).expect(0);
    String words =
        "lowerdir=%s:%s,upperdir=%s,workdir=%s,index=on"
            .formatted(top.toString().replace(":", "\\\\:"), bottom, upper, upper + ".work");
    strata.run("mount", "overlay", mountPoint, "-o", words).expect(0);
    assertEquals("overlay", mounted().orElseThrow().source());
    assertEquals(Set.of("below"), names(mountPoint));
    strata.run("umount", mountPoint).expect(0);
    assertNothingLeft();
  }

  @Test
  @DisplayName("loses nothing that was written when SIGTERM comes while a file is open")
  void sigtermBusy() throws Exception {
    mount("--upper", upper);
    long pid = entry().pid();
    Process writer =
        new ProcessBuilder("sh", "-c", "exec 3> new; printf written >&3; echo done; exec sleep 60")
            .directory(mountPoint.toFile())
            .start();
    assertEquals('d', writer.getInputStream().read());
    Strata.tool("kill", "-TERM", Long.toString(pid));
    awaitEnd(pid);
    writer.destroy();
    writer.waitFor();
    assertEquals("written", Files.readString(upper.resolve("new")));
    assertNothingLeft();
  }
}
