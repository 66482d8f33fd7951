package io.strata.fuse.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.TestData;
import io.strata.fuse.Features;
import io.strata.fuse.FuseMountException;
import io.strata.fuse.MemoryFileSystem;
import io.strata.fuse.MountOptions;
import io.strata.fuse.Session;
import io.strata.posix.Errno;
import io.strata.posix.Posix;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A read-only mount by the kernel's protocol")
@Timeout(60)
class KernelReadOnlyIT {
  @TempDir Path directory;
  final MemoryFileSystem tree = new MemoryFileSystem(Features.READ_ONLY);
  private final byte[] big = new byte[5_000_001];
  Session session;

  @BeforeEach
  void mount() throws Exception {
    TestData.needsRoot();
    TestData.needsFuse();
    new Random(1).nextBytes(big);
    tree.file("hello", "hello, world\n".getBytes());
    tree.file("a/b/c/deep", new byte[] {1, 2, 3});
    tree.file("big", big);
    for (int i = 0; i < 20_000; i++) {
      tree.file("many/a file with a name of some length, number " + i, new byte[0]);
    }
    session = start(MountOptions.readOnly(directory, "a, source\\with: odd characters"));
  }

  Session start(MountOptions options) throws Exception {
    return new KernelTransport(Posix.system()).mount(tree, options);
  }

  @AfterEach
  void unmount() throws Exception {
    if (session != null) {
      tree.slowRelease.countDown();
      session.unmount();
    }
  }

  private long requests(String opcode) {
    return session.statistics().requests().getOrDefault(opcode, 0L);
  }

  @Test
  @DisplayName("serves files and directories as they are")
  void serves() throws IOException {
    assertEquals("hello, world\n", Files.readString(directory.resolve("hello")));
    assertArrayEquals(new byte[] {1, 2, 3}, Files.readAllBytes(directory.resolve("a/b/c/deep")));
    assertArrayEquals(big, Files.readAllBytes(directory.resolve("big")));
  }

  @Test
  @DisplayName("is in /proc/self/mounts as fuse.strata, read-only, with its source")
  void isListed() throws IOException {
    String line =
        Files.readAllLines(Path.of("/proc/self/mounts")).stream()
            .filter(l -> l.contains(directory.toString()))
            .findFirst()
            .orElseThrow();
    assertTrue(line.startsWith("a,\\040source\\134with:\\040odd\\040characters "), line);
    assertTrue(line.contains(" fuse.strata ro,"), line);
  }

  @Test
  @DisplayName("lists 20,000 entries, each once, in few round trips, and stats them in none")
  void listsMany() throws IOException {
    Set<String> names = new HashSet<>();
    try (Stream<Path> entries = Files.list(directory.resolve("many"))) {
      entries.forEach(entry -> assertTrue(names.add(entry.getFileName().toString())));
    }
    assertEquals(20_000, names.size());
    long before = session.statistics().total();
    for (String name : names) {
      assertEquals(0, Files.size(directory.resolve("many").resolve(name)));
    }
    long more = session.statistics().total() - before;
    assertTrue(more <= 3, () -> more + " more requests: " + session.statistics());
  }

  @Test
  @DisplayName("is never asked to open or flush again once it has answered ENOSYS")
  void opensWithoutAsking() throws IOException {
    Files.readString(directory.resolve("hello"));
    try (Stream<Path> entries = Files.list(directory)) {
      assertEquals(4, entries.count());
    }
    for (int i = 0; i < 100; i++) {
      Files.readString(directory.resolve("hello"));
      Files.readAllBytes(directory.resolve("a/b/c/deep"));
    }
    assertTrue(requests("OPEN") <= 1, session.statistics()::toString);
    assertTrue(requests("OPENDIR") <= 1, session.statistics()::toString);
    assertTrue(requests("FLUSH") <= 1, session.statistics()::toString);
    assertEquals(0, requests("RELEASE") + requests("RELEASEDIR"));
  }

  @Test
  @DisplayName("is asked once for a name that is not there")
  void remembersAbsence() {
    for (int i = 0; i < 10; i++) {
      assertFalse(Files.exists(directory.resolve("absent")));
    }
    assertEquals(1, requests("LOOKUP"));
  }

  @Test
  @DisplayName("reads large files by requests of up to 1 MiB with O_DIRECT")
  void readsLarge() throws IOException, InterruptedException {
    Process dd =
        new ProcessBuilder("dd", "if=" + directory.resolve("big"), "of=/dev/null", "bs=1M")
            .redirectErrorStream(true)
            .start();
    assertEquals(0, dd.waitFor());
    assertTrue(session.statistics().bytesRead() >= big.length);
    long before = requests("READ");
    dd =
        new ProcessBuilder(
                "dd", "if=" + directory.resolve("big"), "of=/dev/null", "bs=1M", "iflag=direct")
            .redirectErrorStream(true)
            .start();
    assertEquals(0, dd.waitFor());
    assertTrue(requests("READ") - before <= 6, () -> "READ: " + (requests("READ") - before));
  }

  @Test
  @DisplayName("can be mapped into memory")
  void maps() throws IOException {
    try (FileChannel channel = FileChannel.open(directory.resolve("big"));
        Arena arena = Arena.ofConfined()) {
      MemorySegment map = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      assertArrayEquals(big, map.toArray(ValueLayout.JAVA_BYTE));
    }
  }

  @Test
  @DisplayName("answers EIO where the file system fails, and goes on")
  void survivesFailures() throws IOException {
    for (String name : new String[] {"broken", "exhausted", "bottomless"}) {
      IOException e =
          assertThrows(
              FileSystemException.class, () -> Files.readAttributes(directory.resolve(name), "*"));
      assertTrue(String.valueOf(e.getMessage()).contains("Input/output error"), e::getMessage);
    }
    assertEquals("hello, world\n", Files.readString(directory.resolve("hello")));
  }

  @Test
  @DisplayName("refuses to be written to")
  void refusesWrites() {
    assertThrows(IOException.class, () -> Files.writeString(directory.resolve("hello"), "x"));
    assertThrows(IOException.class, () -> Files.createDirectory(directory.resolve("new")));
  }

  @Test
  @DisplayName("interrupts a request whose caller is killed, and serves others meanwhile")
  void interrupts() throws Exception {
    Process cat = new ProcessBuilder("cat", directory.resolve("slow 1").toString()).start();
    Process other = new ProcessBuilder("cat", directory.resolve("slow 2").toString()).start();
    tree.slowBegan.await();
    assertEquals("hello, world\n", Files.readString(directory.resolve("hello")));
    cat.destroyForcibly();
    other.destroyForcibly();
    tree.slowInterrupted.await();
    cat.waitFor();
    other.waitFor();
  }

  @Test
  @DisplayName("says EBUSY when it can't be unmounted, and goes on")
  void busy() throws Exception {
    try (InputStream open = Files.newInputStream(directory.resolve("hello"))) {
      FuseMountException e = assertThrows(FuseMountException.class, session::unmount);
      assertEquals(Errno.EBUSY, e.errno());
      assertEquals('h', open.read());
    }
    assertEquals("hello, world\n", Files.readString(directory.resolve("hello")));
  }

  @Test
  @DisplayName("stops the file system once when it is unmounted, however that happens")
  void endsOnce() throws Exception {
    assertFalse(session.ended());
    assertFalse(session.awaitEnd(Duration.ofMillis(1)));
    assertEquals(0, new ProcessBuilder("umount", directory.toString()).start().waitFor());
    session.awaitEnd();
    assertTrue(session.ended());
    assertEquals(1, tree.stops.get());
    session.unmount();
    session.unmountLazily();
    assertEquals(1, tree.stops.get());
    try (Stream<Path> entries = Files.list(directory)) {
      assertEquals(0, entries.count());
    }
  }

  @Test
  @DisplayName("unmounted lazily, is served until its last user has left")
  void lazy() throws Exception {
    try (InputStream open = Files.newInputStream(directory.resolve("hello"))) {
      session.unmountLazily();
      assertFalse(Files.exists(directory.resolve("hello")));
      assertEquals(13, open.readAllBytes().length);
      assertFalse(session.ended());
    }
    session.awaitEnd();
  }

  @Test
  @DisplayName("goes on when the kernel has dropped its caches and forgets nodes")
  void forgets() throws Exception {
    long known = 0;
    for (int walks = 0; known <= 20_000 && walks < 10; walks++) { // others drop caches, too
      try (Stream<Path> all = Files.walk(directory)) {
        assertEquals(20_008, all.count());
      }
      known = tree.lookups();
    }
    assertTrue(known > 20_000, known + " lookups");
    Files.writeString(Path.of("/proc/sys/vm/drop_caches"), "2");
    assertEquals("hello, world\n", Files.readString(directory.resolve("hello")));
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (requests("FORGET") + requests("BATCH_FORGET") == 0) { // nobody waits for them
      assertTrue(System.nanoTime() < end, "nothing was forgotten");
      Thread.sleep(5);
    }
    session.unmount();
  }
}
