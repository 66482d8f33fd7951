package io.strata.mount;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The mount option")
class MountOptionsIT extends MountFixture {
  private Path deep() throws Exception {
    Path tree = Files.createDirectory(directory.resolve("deep.tree"));
    Files.createDirectories(tree.resolve("opt/app,1/bin"));
    Files.writeString(tree.resolve("opt/app,1/word"), "inside");
    Files.writeString(tree.resolve("opt/app,1/bin/tool"), "tool");
    Files.createSymbolicLink(tree.resolve("current"), Path.of("/opt/app,1"));
    Files.createSymbolicLink(tree.resolve("opt/app,1/up"), Path.of("../../secret"));
    Files.writeString(tree.resolve("secret"), "outside");
    Path file = directory.resolve("deep.sqfs");
    Strata.tool("mksquashfs", tree.toString(), file.toString(), "-quiet", "-no-progress");
    return file;
  }

  private static Set<String> names(Path place) throws IOException {
    try (var entries = Files.list(place)) {
      return entries.map(entry -> entry.getFileName().toString()).collect(Collectors.toSet());
    }
  }

  @Test
  @DisplayName("uid= and gid= show all files as theirs, by number and by name")
  void owners() throws Exception {
    mount("-o", "uid=daemon,gid=4000000000");
    Map<String, Object> found =
        new TreeMap<>(Files.readAttributes(mountPoint.resolve("sub"), "unix:uid,gid"));
    assertEquals("{gid=-294967296, uid=1}", found.toString()); // the JDK has them signed
    strata.run("umount", mountPoint).expect(0);
    strata
        .run("mount", image, mountPoint, "-o", "uid=nobody-like-this")
        .expect(1)
        .says("-o uid=nobody-like-this: no user of that name");
  }

  @ParameterizedTest
  @DisplayName("subdir= mounts a directory of the image, from which no way leads out")
  @ValueSource(strings = {"kernel", "libfuse"})
  void subdirectory(String transport) throws Exception {
    Path deep = deep();
    for (String name :
        new String[] {"opt/app\\,1", "/opt/app\\,1/", "current", "/opt/../current"}) {
      strata
          .run("mount", deep, mountPoint, "-o", "subdir=" + name, "--transport", transport)
          .expect(0);
      assertEquals("inside", word());
      assertEquals("tool", Files.readString(mountPoint.resolve("bin/tool")));
      assertEquals(Set.of("word", "bin", "up"), names(mountPoint));
      assertEquals(names(directory), names(mountPoint.resolve("..")));
      assertFalse(Files.exists(mountPoint.resolve("up")));
      String inodes = Strata.tool("ls", "-aid", mountPoint + "/.", mountPoint + "/bin/..");
      assertEquals(1, inodes.lines().map(line -> line.strip().split(" ", 2)[0]).distinct().count());
      strata.run("umount", mountPoint).expect(0);
    }
  }

  @Test
  @DisplayName("subdir= works under an upper layer too")
  void subdirectoryInUnion() throws Exception {
    Path upper = directory.resolve("upper");
    strata.run("mount", deep(), mountPoint, "-o", "subdir=current,upper=" + upper).expect(0);
    Files.writeString(mountPoint.resolve("bin/tool"), "changed");
    assertEquals(Set.of("word", "bin", "up"), names(mountPoint));
    strata.run("umount", mountPoint).expect(0);
    assertEquals("changed", Files.readString(upper.resolve("bin/tool")));
  }

  @Test
  @DisplayName("subdir= of what is not there, or no directory, is refused by its name")
  void noSubdirectory() throws Exception {
    Path deep = deep();
    strata
        .run("mount", deep, mountPoint, "-o", "subdir=opt/none")
        .expect(6)
        .says(deep + ": -o subdir=opt/none: no such directory in the image");
    strata
        .run("mount", deep, mountPoint, "-o", "subdir=secret")
        .expect(6)
        .says("-o subdir=secret: not a directory");
    assertNothingLeft();
  }

  /** Waits for the server's end, after which nothing is mounted any more. */
  private void awaitGone(long pid) throws Exception {
    awaitEnd(pid);
    assertTrue(mounted().isEmpty(), "still mounted");
  }

  /** That the server does not end for so long. */
  private static void assertStays(long pid, Duration time) {
    CompletableFuture<ProcessHandle> end = ProcessHandle.of(pid).orElseThrow().onExit();
    assertThrows(
        TimeoutException.class,
        () -> end.get(time.toMillis(), TimeUnit.MILLISECONDS),
        "unmounted in use");
  }

  @ParameterizedTest
  @DisplayName("timeout= ends an unused mount and its server, and not one that is used")
  @ValueSource(strings = {"kernel", "libfuse"})
  void timeout(String transport) throws Exception {
    mount("-o", "timeout=2", "--transport", transport);
    long pid = entry().pid();
    long start = System.nanoTime();
    while (System.nanoTime() - start < Duration.ofSeconds(5).toNanos()) {
      assertTrue(Files.exists(mountPoint.resolve("sub/."))); // soon from the kernel's caches
      assertStays(pid, Duration.ofMillis(200));
    }
    assertTrue(Files.exists(mountPoint.resolve("sub/..")), "unmounted in use");
    long last = System.nanoTime();
    awaitGone(pid);
    assertTrue(System.nanoTime() - last > Duration.ofSeconds(2).toNanos(), "too early");
    assertNothingLeft();
  }

  @Test
  @DisplayName("timeout= waits for who has a file open, although nothing tells of that")
  void timeoutBusy() throws Exception {
    mount("-o", "timeout=1");
    long pid = entry().pid();
    try (var open = Files.newInputStream(mountPoint.resolve("word"))) {
      assertStays(pid, Duration.ofSeconds(4));
      assertTrue(mounted().isPresent(), "unmounted in use");
      assertEquals('o', open.read());
    }
    awaitGone(pid);
  }

  @Test
  @DisplayName("timeout= is for a union as well, and loses nothing")
  void timeoutOfUnion() throws Exception {
    Path upper = directory.resolve("upper");
    mount("-o", "timeout=1,upper=" + upper + ",work=" + directory.resolve("making"));
    long pid = entry().pid();
    Files.writeString(mountPoint.resolve("word"), "changed");
    awaitGone(pid);
    assertEquals("changed", Files.readString(upper.resolve("word")));
    assertTrue(Files.isDirectory(directory.resolve("making")));
  }

  @Test
  @DisplayName("transport= and threads= are for fstab what the long options are, which win")
  void serving() throws Exception {
    mount("-o", "transport=libfuse,threads=5");
    assertEquals("one", word());
    assertEquals(TransportKind.LIBFUSE, entry().plan().transport());
    assertEquals(5, entry().plan().threads());
    strata.run("umount", mountPoint).expect(0);
    mount("-o", "transport=libfuse,threads=5", "--transport", "kernel", "--threads", "3");
    assertEquals("one", word());
    assertEquals(TransportKind.KERNEL, entry().plan().transport());
    assertEquals(3, entry().plan().threads());
    strata.run("mount", image, directory, "-o", "transport=ring").expect(1).says("kernel or libf");
  }

  @Test
  @DisplayName(
      "words that mount(8) and init systems act on mean nothing, and unknown ones are named")
  void words() throws Exception {
    mount("-o", "defaults,noauto,user=joe,nofail,_netdev,comment=a,x-systemd.automount,loop,exec");
    assertEquals("one", word());
    strata.run("umount", mountPoint).expect(0);
    strata
        .run("mount", image, mountPoint, "-o", "ro,frobnicate=3")
        .expect(1)
        .says("-o frobnicate=3: unknown mount option");
    mount("--sloppy", "-o", "ro,frobnicate=3,nosuid,nodev,noexec,noatime");
    String options = mounted().orElseThrow().options();
    for (String flag : new String[] {"ro", "nosuid", "nodev", "noexec", "noatime"}) {
      assertTrue(("," + options + ",").contains("," + flag + ","), options);
    }
    strata.run("umount", mountPoint).expect(0);
    strata
        .run("mount", image, mountPoint, "-o", "sync,upper=" + directory.resolve("upper"))
        .expect(1)
        .says("-o sync: ");
  }
}
