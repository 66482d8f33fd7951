package io.strata.fuse.libfuse;

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
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A writable mount by libfuse")
@Timeout(120)
class LibfuseWritableIT {
  @TempDir Path directory;
  private final MemoryFileSystem tree =
      new MemoryFileSystem(new Features(false, false, false, false, false));
  private Session session;
  private boolean lazily;

  @BeforeEach
  void mount() throws Exception {
    TestData.needsRoot();
    TestData.needsFuse();
    session =
        new LibfuseTransport(Posix.system())
            .mount(tree, MountOptions.writable(directory, "odd, source\\with: characters"));
  }

  @AfterEach
  void unmount() throws Exception {
    if (session != null) {
      tree.slowRelease.countDown();
      awaitReleases();
      session.unmount();
      assertEquals(0, tree.lookups(), "lookups that were not given back");
      if (!lazily) {
        assertEquals(0, tree.openings(), "openings that were not released");
      }
    }
  }

  /**
   * The kernel does not wait for a RELEASE when it closes a file, and drops it when it unmounts.
   */
  private void awaitReleases() {
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (tree.openings() > 0 && System.nanoTime() < end) {
      Thread.yield();
    }
  }

  private static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), () -> String.join(" ", command) + ": " + output);
    return output;
  }

  private String shell(String script) throws IOException, InterruptedException {
    return run("bash", "-ec", "cd '" + directory + "'; " + script).strip();
  }

  @Test
  @DisplayName("is in /proc/self/mounts as fuse.strata with its source, setuid and devices allowed")
  void isListed() throws IOException {
    String line =
        Files.readAllLines(Path.of("/proc/self/mounts")).stream()
            .filter(l -> l.contains(directory.toString()))
            .findFirst()
            .orElseThrow();
    assertTrue(line.startsWith("odd,\\040source\\134with:\\040characters "), line);
    assertTrue(line.contains(" fuse.strata rw,"), line);
    assertFalse(line.contains("nosuid") || line.contains("nodev"), line);
  }

  @Test
  @DisplayName("keeps what is written, at any offset, and gives it back")
  void writes() throws IOException {
    byte[] bytes = new byte[3_000_001];
    new Random(5).nextBytes(bytes);
    Path file = directory.resolve("file");
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      assertEquals(bytes.length, channel.write(ByteBuffer.wrap(bytes)));
    }
    assertTrue(session.statistics().requests().getOrDefault("WRITE", 0L) < 30, "128 KiB each");
    assertArrayEquals(bytes, Files.readAllBytes(file));
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 2_000_000);
      channel.truncate(2_500_000);
    }
    System.arraycopy(new byte[] {1, 2, 3}, 0, bytes, 2_000_000, 3);
    assertArrayEquals(Arrays.copyOf(bytes, 2_500_000), Files.readAllBytes(file));
    assertTrue(session.statistics().bytesWritten() >= 3_000_001);
  }

  @Test
  @DisplayName("lists 20,000 entries, each once, and removes them while they are read")
  void listsMany() throws Exception {
    Path many = Files.createDirectory(directory.resolve("many"));
    for (int i = 0; i < 20_000; i++) {
      tree.file("many/a file with a name of some length, number " + i, new byte[0]);
    }
    Set<String> names = new HashSet<>();
    try (Stream<Path> entries = Files.list(many)) {
      entries.forEach(entry -> assertTrue(names.add(entry.getFileName().toString())));
    }
    assertEquals(20_000, names.size());
    shell("rm -r many");
    assertFalse(Files.exists(many));
  }

  @Test
  @DisplayName("renames a directory with everything remembered below it")
  void renamesDirectories() throws Exception {
    Files.createDirectories(directory.resolve("a/b/c"));
    Files.writeString(directory.resolve("a/b/c/file"), "deep");
    Files.createDirectory(directory.resolve("elsewhere"));
    Files.move(directory.resolve("a/b"), directory.resolve("elsewhere/moved"));
    assertEquals("deep", Files.readString(directory.resolve("elsewhere/moved/c/file")));
    assertFalse(Files.exists(directory.resolve("a/b/c/file")));
    Files.createDirectories(directory.resolve("a/b/c"));
    Files.writeString(directory.resolve("a/b/c/file"), "another");
    assertEquals("deep", Files.readString(directory.resolve("elsewhere/moved/c/file")));
    assertEquals("another", Files.readString(directory.resolve("a/b/c/file")));
  }

  @Test
  @DisplayName("keeps a removed file usable while it is open, without any name, with link count 0")
  void keepsRemovedFiles() throws Exception {
    String said =
        shell(
            """
            echo before > file; exec 7<>file; rm file
            [ -z "$(ls -A)" ] || { echo "still listed: $(ls -A)"; exit 1; }
            echo after >&7
            chmod 640 /proc/self/fd/7
            stat -L -c '%h %a %s' /proc/self/fd/7
            """);
    assertEquals("0 640 7", said);
    tree.awaitOnlyRoot();
  }

  @Test
  @DisplayName("replaces an open file by a rename at once, and keeps the old one usable")
  void replacesOpenFiles() throws Exception {
    Path file = directory.resolve("file");
    Files.writeString(file, "old");
    Files.writeString(directory.resolve("new"), "new");
    try (FileChannel open = FileChannel.open(file, StandardOpenOption.READ)) {
      Files.move(directory.resolve("new"), file, StandardCopyOption.REPLACE_EXISTING);
      assertEquals("new", Files.readString(file));
      ByteBuffer bytes = ByteBuffer.allocate(10);
      assertEquals(3, open.read(bytes));
      assertEquals('o', bytes.get(0));
      try (Stream<Path> entries = Files.list(directory)) {
        assertEquals(List.of(file), entries.toList());
      }
    }
  }

  @Test
  @DisplayName("takes a user's own .fuse_hidden names for what they are")
  void leavesUsersNames() throws Exception {
    Path file = directory.resolve("file");
    Path hidden = directory.resolve(".fuse_hidden0123456789abcdef");
    Files.writeString(file, "kept");
    try (FileChannel open = FileChannel.open(file, StandardOpenOption.READ)) {
      Files.move(file, hidden);
      assertTrue(open.isOpen());
      assertEquals("kept", Files.readString(hidden));
    }
    assertEquals("kept", Files.readString(hidden));
  }

  @Test
  @DisplayName("carries names that are not UTF-8 byte for byte")
  void carriesAnyBytes() throws Exception {
    String said =
        shell(
            """
            n=$'\\xff\\xfe\\x80 name'; mkdir "$n"; echo x > "$n/$n"; ln -s $'\\xc3\\x28' "$n/link"
            mv "$n" $'\\x81'
            ls -A $'\\x81' | od -An -tx1 | tr -d ' \\n'; echo; readlink $'\\x81/link' | od -An -tx1
            cat $'\\x81'/"$n"
            """);
    assertEquals(
        "6c696e6b0afffe80206e616d650a\n c3 28 0a\nx",
        said.replace("fffe80206e616d650a6c696e6b0a", "6c696e6b0afffe80206e616d650a"));
  }

  @Test
  @DisplayName("keeps modes, owners, times, links and extended attributes")
  void attributes() throws Exception {
    String said =
        shell(
            """
            umask 027; echo > f; mkdir d; mkfifo p; ln f g; ln -s f s; mknod c c 5 300
            chown 12:34 f; chmod 4751 f; touch -d '1960-01-02 03:04:05.123456789 UTC' f
            touch -a -d '2040-01-01 UTC' f
            setfattr -n user.x -v value f; getfattr --only-values -n user.x f; echo
            stat -c '%n %F %a %u:%g %h' d f g p; TZ=UTC stat -c '%y %x' f; stat -c '%t:%T' c
            setfattr -x user.x f; getfattr -d f; readlink s
            """);
    assertEquals(
        """
        value
        d directory 750 0:0 2
        f regular file 4751 12:34 2
        g regular file 4751 12:34 2
        p fifo 640 0:0 1
        1960-01-02 03:04:05.123456789 +0000 2040-01-01 00:00:00.000000000 +0000
        5:12c
        f""",
        said);
    assertEquals(
        "rwxr-x---",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("d"))));
  }

  @Test
  @DisplayName("forgets names beyond its limit and looks them up again")
  void forgetsNames() throws Exception {
    for (int d = 0; d < 30; d++) {
      for (int i = 0; i < 3_000; i++) {
        tree.file("d" + d + "/" + i, new byte[0]);
      }
    }
    assertEquals("90030", shell("find . -mindepth 1 -printf '%s %p\\n' | wc -l"));
    assertTrue(tree.lookups() <= 1 << 16, () -> tree.lookups() + " lookups held");
    assertEquals("0", shell("stat -c %s d0/0"));
  }

  @Test
  @DisplayName("says EBUSY when it can't be unmounted, and goes on; lazily, serves until the last")
  void unmounts() throws Exception {
    Path file = directory.resolve("file");
    Files.writeString(file, "hello");
    try (FileChannel open = FileChannel.open(file, StandardOpenOption.READ)) {
      FuseMountException e = assertThrows(FuseMountException.class, session::unmount);
      assertEquals(Errno.EBUSY, e.errno());
      lazily = true;
      session.unmountLazily();
      assertFalse(Files.exists(file));
      assertEquals(5, open.read(ByteBuffer.allocate(10)));
      assertFalse(session.ended());
    }
    session.awaitEnd();
    assertEquals(1, tree.stops.get());
  }

  @Test
  @DisplayName("interrupts a request whose caller is killed, and serves others meanwhile")
  void interrupts() throws Exception {
    Files.writeString(directory.resolve("hello"), "hello");
    Files.createDirectory(directory.resolve("a")); // the kernel asks about one name at a time
    Files.createDirectory(directory.resolve("b")); // in a directory, without PARALLEL_DIROPS
    Process cat = new ProcessBuilder("cat", directory.resolve("a/slow 1").toString()).start();
    Process other = new ProcessBuilder("cat", directory.resolve("b/slow 2").toString()).start();
    tree.slowBegan.await();
    assertEquals("hello", Files.readString(directory.resolve("hello")));
    cat.destroyForcibly();
    other.destroyForcibly();
    tree.slowInterrupted.await();
    cat.waitFor();
    other.waitFor();
  }

  @Test
  @DisplayName("answers EIO where the file system fails, and goes on")
  void survivesFailures() throws Exception {
    for (String name : List.of("broken", "exhausted", "bottomless")) {
      assertTrue(shell("stat " + name + " 2>&1 || true").endsWith("Input/output error"), name);
    }
    Files.writeString(directory.resolve("hello"), "hello");
  }
}
