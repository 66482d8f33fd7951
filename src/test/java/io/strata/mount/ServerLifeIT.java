package io.strata.mount;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The server of a mount")
class ServerLifeIT extends MountFixture {
  @Test
  @DisplayName("answers when mount returns, is listed by status, and is gone when umount returns")
  void wholeLife() throws Exception {
    mount();
    assertEquals("one", word());
    RegistryEntry entry = entry();
    String status = strata.run("status").expect(0).out();
    assertTrue(status.contains(mountPoint + ": serving"), status);
    assertTrue(status.contains("pid        " + entry.pid()), status);
    assertTrue(status.contains("image      " + image), status);
    assertTrue(status.contains("log        " + entry.plan().log()), status);
    strata.run("umount", mountPoint).expect(0);
    assertFalse(registry().alive(entry));
    assertFalse(Files.exists(entry.socket()));
    assertNothingLeft();
  }

  @Test
  @DisplayName(
      "has a session of its own, the root as working directory, and no stream of the shell")
  void daemon() throws Exception {
    mount();
    long pid = entry().pid();
    Path proc = Path.of("/proc/" + pid);
    String session = Strata.tool("ps", "-o", "sid=", "-p", Long.toString(pid)).strip();
    assertEquals(Long.toString(pid), session);
    assertEquals("/", link(proc.resolve("cwd")));
    assertEquals("/dev/null", link(proc.resolve("fd/0")));
    assertEquals("/dev/null", link(proc.resolve("fd/1")));
    assertEquals(entry().plan().log().toString(), link(proc.resolve("fd/2")));
    awaitLog(entry().plan().log(), "serving " + image);
  }

  /** The server says so when the command that started it has ended already. */
  private static void awaitLog(Path log, String words) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!Files.readString(log).contains(words)) {
      assertTrue(System.nanoTime() < end, () -> "'" + words + "' is not in " + log);
      Thread.sleep(5);
    }
  }

  private static String link(Path link) throws Exception {
    return Files.readSymbolicLink(link).toString();
  }

  @Test
  @DisplayName("survives the end of the shell and the hang-up of its group")
  void shell() throws Exception {
    List<String> command = new ArrayList<>(List.of("setsid", "--wait", "sh", "-c"));
    command.add("\"$@\"; trap '' HUP; kill -HUP 0; exit 7");
    command.add("sh");
    command.addAll(strata.command("mount", image, mountPoint));
    assertEquals(7, strata.run(command).code());
    assertEquals("one", word());
    strata.run("umount", mountPoint).expect(0);
  }

  @Test
  @DisplayName("unmounts on SIGTERM and ends, leaving nothing")
  void sigterm() throws Exception {
    mount();
    long pid = entry().pid();
    Strata.tool("kill", "-TERM", Long.toString(pid));
    awaitEnd(pid);
    assertNothingLeft();
  }

  @Test
  @DisplayName("takes a busy mount out of the tree on SIGTERM, so that it can end")
  void sigtermBusy() throws Exception {
    mount();
    long pid = entry().pid();
    try (InputStream open = Files.newInputStream(mountPoint.resolve("word"))) {
      assertEquals('o', open.read());
      Strata.tool("kill", "-TERM", Long.toString(pid));
      awaitEnd(pid);
      assertNothingLeft();
    }
  }

  @Test
  @DisplayName("ends on fusermount3 -u and on umount(8), leaving nothing")
  void otherUnmounts() throws Exception {
    for (List<String> unmount : List.of(List.of("fusermount3", "-u"), List.of("umount"))) {
      mount();
      long pid = entry().pid();
      List<String> command = new ArrayList<>(unmount);
      command.add(mountPoint.toString());
      Strata.tool(command.toArray(new String[0]));
      awaitEnd(pid);
      assertNothingLeft();
    }
  }

  @Test
  @DisplayName(
      "is told apart when it was killed: status says dead, mount refuses, umount cleans up")
  void killed() throws Exception {
    mount();
    RegistryEntry entry = entry();
    Strata.tool("kill", "-9", Long.toString(entry.pid()));
    awaitEnd(entry.pid());
    String status = strata.run("status").expect(0).out();
    assertTrue(status.contains(mountPoint + ": server is dead"), status);
    strata.run("mount", image, mountPoint).expect(7).says("already mounted", "strata umount");
    strata.run("umount", mountPoint).expect(0);
    assertFalse(Files.exists(entry.socket()));
    assertNothingLeft();
    mount();
    assertEquals("one", word());
  }

  @Test
  @DisplayName("keeps a lease of its image for as long as it serves it")
  void lease() throws Exception {
    String[] exclusive = {"flock", "--nonblock", "--conflict-exit-code", "9", "", "true"};
    exclusive[4] = image.toString();
    mount();
    assertEquals(9, strata.run(List.of(exclusive)).code());
    strata.run("umount", mountPoint).expect(0);
    assertEquals(0, strata.run(List.of(exclusive)).code());
  }

  @Test
  @DisplayName("stays in the foreground when asked, and ends with its mount")
  void foreground() throws Exception {
    Process process = strata.start("mount", image, mountPoint, "--foreground");
    try (InputStream words = process.getInputStream()) {
      StringBuilder said = new StringBuilder();
      while (said.indexOf("serving") < 0) { // the line that says that it answers
        byte[] some = new byte[256];
        int got = words.read(some);
        assertTrue(got > 0, said::toString);
        said.append(new String(some, 0, got, StandardCharsets.UTF_8));
      }
      assertEquals("one", word());
      strata.run("umount", mountPoint).expect(0);
      assertTrue(process.waitFor(20, TimeUnit.SECONDS));
      assertEquals(0, process.exitValue());
      assertNothingLeft();
    }
  }

  @Test
  @DisplayName("gives its state to scripts as JSON, with what the kernel asked")
  void json() throws Exception {
    mount("-o", "noatime,nosuid");
    word();
    String json = strata.run("status", "--json").expect(0).out();
    assertTrue(json.contains("\"mountpoint\": \"" + mountPoint + "\""), json);
    assertTrue(json.contains("\"state\": \"serving\""), json);
    assertTrue(json.contains("\"options\": \"allow_other,nosuid,noatime\""), json);
    assertTrue(json.contains("\"requests.READ\": "), json);
    assertTrue(mounted().orElseThrow().options().contains("nosuid"));
  }

  @Test
  @DisplayName(
      "that is stopped is told from one that serves; nothing hangs, however often it is asked")
  void silent() throws Exception {
    mount();
    long pid = entry().pid();
    Strata.tool("kill", "-STOP", Long.toString(pid));
    try {
      String status = strata.run("status", mountPoint).expect(0).out();
      assertTrue(status.contains(mountPoint + ": server does not answer"), status);
      fillQueue();
      status = strata.run("status").expect(0).out();
      assertTrue(status.contains(mountPoint + ": server does not answer"), status);
      strata.run("umount", mountPoint).expect(7).says("does not answer", "kill -CONT " + pid);
      assertTrue(mounted().isPresent());
    } finally {
      Strata.tool("kill", "-CONT", Long.toString(pid));
    }
    strata.run("umount", mountPoint).expect(0);
    assertNothingLeft();
  }

  // Of connections that nobody accepts: another one would have to wait.
  private void fillQueue() throws Exception {
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(entry().socket());
    boolean room = true;
    while (room) {
      try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
        channel.configureBlocking(false);
        room = channel.connect(address);
      } catch (IOException e) {
        room = false; // EAGAIN, which is no promise to connect later
      }
    }
  }

  @Test
  @DisplayName("that is stopped does not keep umount --lazy from taking its mount out of the tree")
  void silentLazily() throws Exception {
    mount();
    long pid = entry().pid();
    Strata.tool("kill", "-STOP", Long.toString(pid));
    try {
      strata.run("umount", "--lazy", mountPoint).expect(0);
      assertTrue(mounted().isEmpty());
    } finally {
      Strata.tool("kill", "-CONT", Long.toString(pid));
    }
    awaitEnd(pid);
    assertNothingLeft();
  }

  @Test
  @DisplayName("is only one when two commands mount at the same place at once")
  void race() throws Exception {
    Process first = strata.start("mount", image, mountPoint);
    Process second = strata.start("mount", image, mountPoint);
    List<Integer> codes = new ArrayList<>(List.of(first.waitFor(), second.waitFor()));
    codes.sort(null);
    assertEquals(List.of(0, 7), codes);
    entry();
    strata.run("umount", mountPoint).expect(0);
    assertNothingLeft();
  }
}
