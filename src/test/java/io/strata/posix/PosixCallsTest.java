package io.strata.posix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("System calls")
class PosixCallsTest {
  private static final String TEN = "0123456789";

  @TempDir Path directory;
  private final Posix posix = Posix.system();
  private final FileCalls files = posix.files();
  private final NameCalls names = posix.names();

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private int open(Path path, int flags) throws ErrnoException {
    return names.open(NameCalls.AT_FDCWD, bytes(path.toString()), flags, 0600);
  }

  private interface Call {
    void run() throws ErrnoException;
  }

  private static void assertErrno(int errno, Call call) {
    assertEquals(errno, assertThrows(ErrnoException.class, call::run).errno());
  }

  @Test
  @DisplayName("fail with one preallocated exception per errno, without a stack")
  void failures() {
    Path missing = directory.resolve("missing");
    ErrnoException e = assertThrows(ErrnoException.class, () -> open(missing, 0));
    assertSame(ErrnoException.of(Errno.ENOENT), e);
    assertEquals(0, e.getStackTrace().length);
    assertEquals("ENOENT (no such file or directory)", e.getMessage());
    assertEquals(Errno.EIO, ErrnoException.of(0).errno());
    assertEquals(Errno.EIO, ErrnoException.of(5000).errno());
  }

  @Test
  @DisplayName("read and write at offsets beyond 4 GiB, seek holes and cut")
  void largeOffsets() throws Exception {
    int fd = open(directory.resolve("f"), NameCalls.O_RDWR | NameCalls.O_CREAT);
    try {
      NativeBuffer buffer = NativeBuffer.allocate(16);
      long far = 5L << 30;
      buffer.bytes().put(0, bytes(TEN));
      assertEquals(10, files.pwrite(fd, buffer.address(), 10, far));
      assertEquals(far + 10, files.lseek(fd, 0, FileCalls.SEEK_END));
      assertEquals(far, files.lseek(fd, 0, FileCalls.SEEK_DATA));
      assertEquals(4, files.pread(fd, buffer.address(), 16, far + 6));
      assertEquals('6', buffer.bytes().get(0));
      assertEquals(0, files.pread(fd, buffer.address(), 16, far + 10));
      files.ftruncate(fd, 3);
      Stat stat = new Stat();
      files.stat(fd, stat);
      assertEquals(3, stat.size);
      assertTrue(stat.isRegular());
      assertEquals(0600, stat.mode & 07777);
      assertErrno(Errno.ENXIO, () -> files.lseek(fd, 3, FileCalls.SEEK_DATA));
    } finally {
      files.close(fd);
    }
    assertErrno(Errno.EBADF, () -> files.closeChecked(fd));
  }

  @Test
  @DisplayName("copy a range inside the kernel, many times over")
  void copyRange() throws Exception {
    Files.writeString(directory.resolve("source"), TEN);
    int source = open(directory.resolve("source"), NameCalls.O_RDONLY);
    int target = open(directory.resolve("target"), NameCalls.O_RDWR | NameCalls.O_CREAT);
    try {
      for (int i = 0; i < 5000; i++) { // also once it is compiled
        assertEquals(7, files.copyFileRange(source, 3, target, 1, 100));
      }
      assertEquals("\0" + TEN.substring(3), Files.readString(directory.resolve("target")));
    } finally {
      files.close(source);
      files.close(target);
    }
  }

  @Test
  @DisplayName("make, rename, link and remove names in a directory")
  void namesInDirectory() throws Exception {
    int dir = open(directory, NameCalls.O_RDONLY | NameCalls.O_DIRECTORY);
    try {
      names.mkdir(dir, bytes("d"), 0755);
      names.symlink(bytes("no/where"), dir, bytes("l"));
      assertArrayEquals(bytes("no/where"), names.readlink(dir, bytes("l")));
      names.mknod(dir, bytes("p"), Stat.S_IFIFO | 0600, 0);
      assertErrno(
          Errno.EEXIST,
          () -> names.rename(dir, bytes("p"), dir, bytes("d"), NameCalls.RENAME_NOREPLACE));
      names.rename(dir, bytes("p"), dir, bytes("d"), NameCalls.RENAME_EXCHANGE);
      Stat stat = new Stat();
      names.stat(dir, bytes("d"), 0, stat);
      assertEquals(Stat.S_IFIFO, stat.type());
      names.link(dir, bytes("d"), dir, bytes("e"), 0);
      names.setTimes(dir, bytes("d"), 0, -2, 250_000_000, 1L << 33, 999_999_999);
      names.stat(dir, bytes("e"), 0, stat);
      assertEquals(2, stat.linkCount);
      assertEquals(-2, stat.accessSeconds);
      assertEquals(250_000_000, stat.accessNanos);
      assertEquals(1L << 33, stat.modifySeconds);
      assertEquals(999_999_999, stat.modifyNanos);
      names.unlink(dir, bytes("d"));
      names.rmdir(dir, bytes("p"));
      assertErrno(Errno.ENOTDIR, () -> names.rmdir(dir, bytes("e")));
      byte[] tooLong = new byte[Scratch.PATH_MAX];
      assertErrno(Errno.ENAMETOOLONG, () -> names.unlink(dir, tooLong));
    } finally {
      files.close(dir);
    }
  }

  @Test
  @DisplayName("read directory records and the numbers of a file system")
  void directories() throws Exception {
    Files.createFile(directory.resolve("one"));
    int dir = open(directory, NameCalls.O_RDONLY | NameCalls.O_DIRECTORY);
    try {
      NativeBuffer buffer = NativeBuffer.allocate(4096);
      int length = files.getdents(dir, buffer.address(), buffer.capacity());
      Set<String> found = new HashSet<>();
      for (int at = 0; at < length; at += buffer.bytes().getShort(at + 16)) {
        int end = at + 19;
        while (buffer.bytes().get(end) != 0) {
          end++;
        }
        byte[] name = new byte[end - at - 19];
        buffer.bytes().get(at + 19, name);
        found.add(new String(name, StandardCharsets.UTF_8));
      }
      assertEquals(Set.of(".", "..", "one"), found);
      assertEquals(255, files.statfs(dir).nameLength());
      assertTrue(files.statfs(dir).blocks() >= files.statfs(dir).availableBlocks());
    } finally {
      files.close(dir);
    }
  }

  @Test
  @DisplayName("lock a file against another opening of it")
  void locks() throws Exception {
    int one = open(directory.resolve("lock"), NameCalls.O_RDWR | NameCalls.O_CREAT);
    int two = open(directory.resolve("lock"), NameCalls.O_RDWR);
    try {
      files.flock(one, FileCalls.LOCK_EX);
      assertErrno(Errno.EAGAIN, () -> files.flock(two, FileCalls.LOCK_SH | FileCalls.LOCK_NB));
      files.flock(one, FileCalls.LOCK_UN);
      files.flock(two, FileCalls.LOCK_SH | FileCalls.LOCK_NB);
    } finally {
      files.close(one);
      files.close(two);
    }
  }

  @Test
  @DisplayName("start a program with exactly the words, variables and descriptors given")
  void spawns() throws Exception {
    int[] pipe = files.pipe(NameCalls.O_CLOEXEC);
    String script = "printf '%s|' \"$0\" \"$@\" \"$VARIABLE\" >&9; exit 3";
    int pid =
        posix
            .processes()
            .spawn(
                List.of("sh", "-c", script, "zero", "a b", ""),
                Map.of("VARIABLE", "value", "PATH", "/usr/bin:/bin"),
                Map.of(pipe[1], 9),
                ProcessCalls.Inheritance.OTHERS_TOO);
    files.close(pipe[1]);
    NativeBuffer buffer = NativeBuffer.allocate(100);
    int length = files.read(pipe[0], buffer.address(), 100);
    byte[] said = new byte[length];
    buffer.bytes().get(0, said);
    assertEquals("zero|a b||value|", new String(said, StandardCharsets.UTF_8));
    assertEquals(3, posix.processes().waitFor(pid));
    files.close(pipe[0]);
    assertErrno(
        Errno.ENOENT,
        () ->
            posix
                .processes()
                .spawn(
                    List.of("no such program"),
                    Map.of(),
                    Map.of(),
                    ProcessCalls.Inheritance.STANDARD_ONLY));
  }

  @Test
  @DisplayName("start a program that has its standard streams and no other descriptor")
  void spawnsAlone() throws Exception {
    int[] pipe = files.pipe(0); // without O_CLOEXEC
    int pid =
        posix
            .processes()
            .spawn(
                List.of("sh", "-c", "ls /proc/$$/fd; :"),
                Map.of("PATH", "/usr/bin:/bin"),
                Map.of(pipe[1], 1),
                ProcessCalls.Inheritance.STANDARD_ONLY);
    files.close(pipe[1]);
    NativeBuffer buffer = NativeBuffer.allocate(100);
    byte[] said = new byte[files.read(pipe[0], buffer.address(), 100)];
    buffer.bytes().get(0, said);
    files.close(pipe[0]);
    assertEquals(0, posix.processes().waitFor(pid));
    assertEquals("0\n1\n2\n", new String(said, StandardCharsets.UTF_8));
  }

  @Test
  @DisplayName("keep a thread to a processor, and let another that it started go again")
  void pinning() throws Exception {
    List<String> allowed = new ArrayList<>();
    Thread outer =
        new Thread(
            () -> {
              try {
                posix.processes().pinThread(firstProcessor());
                allowed.add(allowedProcessors());
                Thread inner = new Thread(() -> free(allowed));
                inner.start();
                inner.join();
              } catch (Exception e) {
                allowed.add(e.toString());
              }
            });
    outer.start();
    outer.join();
    String pinned = Integer.toString(firstProcessor());
    assertEquals(List.of(pinned, pinned, allowedProcessors()), allowed);
    ErrnoException e = assertThrows(ErrnoException.class, () -> posix.processes().pinThread(4095));
    assertEquals(Errno.EINVAL, e.errno());
  }

  private void free(List<String> allowed) {
    try {
      allowed.add(allowedProcessors());
      posix.processes().unpinThread();
      allowed.add(allowedProcessors());
    } catch (Exception e) {
      allowed.add(e.toString());
    }
  }

  private static int firstProcessor() throws IOException {
    return Integer.parseInt(allowedProcessors().split("[-,]")[0]);
  }

  /** As {@code 0-3}: those of the calling thread. */
  private static String allowedProcessors() throws IOException {
    return Files.readAllLines(Path.of("/proc/thread-self/status")).stream()
        .filter(line -> line.startsWith("Cpus_allowed_list:"))
        .map(line -> line.split("\\s+")[1])
        .findFirst()
        .orElseThrow();
  }

  @Test
  @DisplayName("fold device numbers as glibc's makedev does")
  void devices() {
    assertEquals(0x103, Stat.makeDevice(1, 3));
    long device = Stat.makeDevice(0x12345, 0x6789abcd);
    assertEquals(0x0001_2678_9ab3_45cdL, device);
    assertEquals(0x12345, Stat.majorOf(device));
    assertEquals(0x6789abcd, Stat.minorOf(device));
  }

  @Test
  @DisplayName("lie in buffers that are aligned as asked")
  void buffers() {
    for (int alignment : new int[] {1, 64, 4096}) {
      NativeBuffer buffer = NativeBuffer.allocateAligned(100, alignment);
      assertEquals(0, buffer.address() % alignment);
      assertEquals(100, buffer.capacity());
    }
  }
}
