package io.strata.mount;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A mount in use")
class BusyIT extends MountFixture {
  @Test
  @DisplayName("is not unmounted: who holds it, and how, is said, and it goes on serving")
  void named() throws Exception {
    mount();
    String self = "(pid " + ProcessHandle.current().pid() + ")";
    try (InputStream open = Files.newInputStream(mountPoint.resolve("word"))) {
      assertEquals('o', open.read());
      String file = "open file " + mountPoint.resolve("word");
      strata.run("umount", mountPoint).expect(8).says(self, file, "--lazy");
    }
    assertEquals("one", word());
    strata.run("umount", mountPoint).expect(0);
    assertNothingLeft();
  }

  @Test
  @DisplayName("by a working directory and a running program has these named")
  void kinds() throws Exception {
    mount();
    Process inside = sleeper(mountPoint.resolve("sub"), "/bin/sleep");
    Process program = sleeper(Path.of("/"), mountPoint.resolve("sleep").toString());
    try {
      strata
          .run("umount", mountPoint)
          .expect(8)
          .says(
              "(pid " + inside.pid() + "): working directory",
              "(pid " + program.pid() + "): running program");
    } finally {
      end(inside);
      end(program);
    }
    strata.run("umount", mountPoint).expect(0);
  }

  private static Process sleeper(Path where, String program) throws Exception {
    Process process = new ProcessBuilder(program, "60").directory(where.toFile()).start();
    Path exe = Path.of("/proc/" + process.pid() + "/exe");
    String name = String.valueOf(Path.of(program).toRealPath().getFileName());
    while (!Files.readSymbolicLink(exe).endsWith(name)) { // until it has become that program
      Thread.onSpinWait();
    }
    return process;
  }

  private static void end(Process process) throws InterruptedException {
    process.destroy();
    process.waitFor();
  }

  @Test
  @DisplayName("is unmounted when its user leaves while umount --wait waits")
  void wait_() throws Exception {
    mount();
    Process inside =
        new ProcessBuilder("cat").directory(mountPoint.resolve("sub").toFile()).start();
    strata.run("umount", mountPoint).expect(8);
    Process umount = strata.start("umount", mountPoint, "--wait", "20");
    assertFalse(umount.waitFor(1, TimeUnit.SECONDS), "it did not wait");
    inside.getOutputStream().close();
    assertEquals(0, umount.waitFor());
    assertEquals(0, inside.waitFor());
    assertNothingLeft();
  }

  @Test
  @DisplayName("leaves the tree at once with --lazy, and its server ends with the last user")
  void lazy() throws Exception {
    mount();
    long pid = entry().pid();
    try (InputStream open = Files.newInputStream(mountPoint.resolve("word"))) {
      strata.run("umount", mountPoint, "--lazy").expect(0);
      assertTrue(mounted().isEmpty());
      String status = strata.run("status").expect(0).out();
      assertTrue(status.contains(mountPoint + ": unmounted lazily, still in use"), status);
      assertEquals("one", new String(open.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
    }
    awaitEnd(pid);
    assertNothingLeft();
  }

  @Test
  @DisplayName("by a mount inside it has that named")
  void mountInside() throws Exception {
    mount();
    Path inside = mountPoint.resolve("sub");
    Strata.tool("mount", "-t", "tmpfs", "none", inside.toString());
    try {
      strata.run("umount", mountPoint).expect(8).says("tmpfs of none: mount inside " + inside);
    } finally {
      Strata.tool("umount", inside.toString());
    }
    strata.run("umount", mountPoint).expect(0);
  }
}
