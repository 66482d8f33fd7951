package io.strata.mount;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.RingSwitch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A mount whose requests come over io_uring")
class IoUringIT extends MountFixture {
  private void mountOverRing(Object... more) throws Exception {
    try (RingSwitch on = RingSwitch.on()) {
      mount(more);
    }
  }

  /** How many rings a process has. */
  private static long rings(long pid) throws IOException {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      return descriptors
          .filter(Files::isSymbolicLink)
          .map(IoUringIT::target)
          .filter("anon_inode:[io_uring]"::equals)
          .count();
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return ""; // closed meanwhile
    }
  }

  @Test
  @DisplayName("has a ring for each processor at least, answers, and goes on with the switch off")
  void serves() throws Exception {
    mountOverRing("--io-uring");
    try (RingSwitch off = RingSwitch.off()) {
      assertEquals("one", word());
      assertTrue(rings(entry().pid()) >= Runtime.getRuntime().availableProcessors());
    }
    assertTrue(entry().plan().words().ioUring());
    String status = strata.run("status", "--json").expect(0).out();
    assertTrue(status.contains("io_uring"), status);
    strata.run("umount", mountPoint).expect(0);
    assertNothingLeft();
  }

  @Test
  @DisplayName("takes changes under an upper layer, which are there without io_uring, too")
  void writable() throws Exception {
    Path upper = directory.resolve("upper");
    mountOverRing("-o", "io_uring", "--upper", upper);
    Files.writeString(mountPoint.resolve("word"), "changed");
    strata.run("umount", mountPoint).expect(0);
    mount("--upper", upper);
    assertEquals("changed", word());
    assertEquals(0, rings(entry().pid()));
  }

  @Test
  @DisplayName("ends with its server: killed, its callers get an error, and umount cleans up")
  void killed() throws Exception {
    mountOverRing("--io-uring");
    RegistryEntry entry = entry();
    Strata.tool("kill", "-9", Long.toString(entry.pid()));
    awaitEnd(entry.pid());
    assertFalse(Files.exists(mountPoint.resolve("word")));
    strata.run("umount", mountPoint).expect(0);
    assertNothingLeft();
    mountOverRing("--io-uring");
    assertEquals("one", word());
  }

  @Test
  @DisplayName("ends when it is told to while it is in use")
  void terminated() throws Exception {
    mountOverRing("--io-uring");
    long pid = entry().pid();
    String busy = "cd \"$0\" && while cat word; do :; done > /dev/null";
    Process user = new ProcessBuilder("sh", "-c", busy, mountPoint.toString()).start();
    try {
      Strata.tool("kill", "-TERM", Long.toString(pid));
      awaitEnd(pid);
      assertNothingLeft();
    } finally {
      user.destroyForcibly().waitFor();
    }
  }

  @Test
  @DisplayName("is refused before anything is mounted where the kernel's switch is off")
  void switchedOff() throws Exception {
    try (RingSwitch off = RingSwitch.off()) {
      strata
          .run("mount", image, mountPoint, "--io-uring")
          .expect(7)
          .says("io_uring is switched off", "echo Y > /sys/module/fuse/parameters/enable_uring");
    }
    assertNothingLeft();
  }

  @Test
  @DisplayName("is a contradiction to libfuse")
  void notOfLibfuse() throws Exception {
    strata
        .run("mount", image, mountPoint, "-o", "io_uring", "--transport", "libfuse")
        .expect(1)
        .says("--io-uring", "libfuse");
    assertNothingLeft();
  }
}
