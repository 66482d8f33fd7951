package io.strata.fuse.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.TestData;
import io.strata.fuse.Features;
import io.strata.fuse.MemoryFileSystem;
import io.strata.fuse.MountOptions;
import io.strata.fuse.MountOptions.Flag;
import io.strata.fuse.Session;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.NameCalls;
import io.strata.posix.NativeBuffer;
import io.strata.posix.Posix;
import io.strata.posix.XattrCalls;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A writable mount by the kernel's protocol")
@Timeout(60)
class KernelWritableIT {
  @TempDir Path directory;
  private final Posix posix = Posix.system();
  private MemoryFileSystem tree =
      new MemoryFileSystem(new Features(false, false, false, false, false));
  private Session session;

  @BeforeEach
  void mount() throws Exception {
    TestData.needsRoot();
    TestData.needsFuse();
    session = start(tree, options());
  }

  private MountOptions options() {
    return MountOptions.writable(directory, "memory").with(Flag.ALLOW_OTHER, true);
  }

  Session start(MemoryFileSystem fileSystem, MountOptions options) throws Exception {
    return new KernelTransport(posix).mount(fileSystem, options);
  }

  @AfterEach
  void unmount() throws Exception {
    if (session != null) {
      session.unmount();
    }
  }

  private long requests(String opcode) {
    return session.statistics().requests().getOrDefault(opcode, 0L);
  }

  /** Runs a script in the mount with {@code sh -e}; gives what it says. */
  private String shell(String script) throws IOException, InterruptedException {
    Process sh =
        new ProcessBuilder("sh", "-ec", script)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(sh.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, sh.waitFor(), said);
    return said;
  }

  @Test
  @DisplayName("makes, reads, renames and removes what a shell asks for")
  void shellWork() throws Exception {
    String said =
        shell(
            """
            umask 022
            mkdir -p a/b
            echo one > a/b/file
            echo two >> a/b/file
            cat a/b/file
            mv a/b/file a/moved
            ln a/moved a/linked
            ln -s moved a/symbolic
            stat -c '%h %F' a/moved a/symbolic
            readlink a/symbolic
            cat a/symbolic
            mkfifo -m 640 fifo
            mknod null c 1 3
            mknod large b 259 65537
            stat -c '%A %t:%T' fifo null large
            chmod 4711 a/moved
            chown 12:34 a/moved
            touch -d '1969-12-31 23:59:58.25 UTC' a/moved
            TZ=UTC stat -c '%a %u:%g %y' a/moved
            truncate -s 3 a/linked
            cat a/moved; echo
            truncate -s 6 a/linked
            od -An -c a/moved
            rm a/moved a/symbolic
            rmdir a/b
            ls -A a
            ! rmdir a 2>/dev/null
            rm -rf a fifo null large
            ls -A
            """);
    assertEquals(
        """
        one
        two
        2 regular file
        1 symbolic link
        moved
        one
        two
        prw-r----- 0:0
        crw-r--r-- 1:3
        brw-r--r-- 103:10001
        4711 12:34 1969-12-31 23:59:58.250000000 +0000
        one
           o   n   e  \\0  \\0  \\0
        linked
        """,
        said);
    tree.awaitOnlyRoot();
  }

  @Test
  @DisplayName("takes and gives a tree of a thousand files through tar, unchanged")
  void tar() throws Exception {
    String said =
        shell(
            """
            mkdir tree; cd tree
            for d in 1 2 3 4 5 6 7 8 9 10; do
              mkdir $d
              for f in 1 2 3 4 5 6 7 8 9 10; do head -c $((d * f * 97)) /dev/urandom > $d/$f; done
            done
            cd ..
            mkdir copy
            tar cf - tree | tar xf - -C copy
            diff -r tree copy/tree && echo same
            find . -type f | wc -l
            rm -rf tree copy
            """);
    assertEquals("same\n200\n", said);
    tree.awaitOnlyRoot();
  }

  @Test
  @DisplayName("writes by requests of up to 1 MiB, and reads the same")
  void writesLarge() throws Exception {
    byte[] content = new byte[5_000_003];
    new Random(2).nextBytes(content);
    Path file = directory.resolve("large");
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      channel.write(java.nio.ByteBuffer.wrap(content));
    }
    assertTrue(requests("WRITE") <= 6, session.statistics()::toString);
    assertEquals(content.length, session.statistics().bytesWritten());
    Files.writeString(Path.of("/proc/sys/vm/drop_caches"), "1");
    assertArrayEquals(content, Files.readAllBytes(file));
  }

  @Test
  @DisplayName("asks for no xattr before each write")
  void noXattrPerWrite() throws Exception {
    shell("echo a > f; for i in 1 2 3 4 5 6 7 8 9; do echo b >> f; done");
    assertTrue(requests("GETXATTR") <= 1, session.statistics()::toString);
  }

  @Test
  @DisplayName("truncates on open without a request of its own")
  void truncatesOnOpen() throws Exception {
    shell("echo long content > f");
    long before = requests("SETATTR");
    assertEquals("x\n", shell("echo x > f; cat f"));
    assertEquals(before, requests("SETATTR"));
  }

  @Test
  @DisplayName("keeps a file usable after it was unlinked, and drops it after its last close")
  void unlinkedFile() throws Exception {
    Path file = directory.resolve("f");
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      Files.delete(file);
      channel.write(java.nio.ByteBuffer.wrap(new byte[] {1, 2, 3}));
      assertEquals(3, channel.size());
      assertEquals(1, tree.openings());
    }
    try (Stream<Path> entries = Files.list(directory)) {
      assertEquals(0, entries.count());
    }
    shell("sync -f .");
    session.unmount(); // the release is sent without waiting for it
    tree.awaitOnlyRoot();
  }

  @Test
  @DisplayName("knows extended attributes, with ERANGE, ENODATA, EEXIST and 64 KiB values")
  void xattrs() throws Exception {
    Path file = Files.writeString(directory.resolve("f"), "x");
    byte[] path = file.toString().getBytes(StandardCharsets.UTF_8);
    byte[] name = "user.name".getBytes(StandardCharsets.UTF_8);
    NativeBuffer value = NativeBuffer.allocate(XattrCalls.XATTR_SIZE_MAX);
    XattrCalls xattrs = posix.xattrs();
    assertErrno(Errno.ENODATA, () -> xattrs.get(path, true, name, value.address(), 10));
    assertErrno(Errno.ENODATA, () -> xattrs.set(path, true, name, value.address(), 1, 2));
    value.bytes().put(0, (byte) 'a').put(XattrCalls.XATTR_SIZE_MAX - 1, (byte) 'z');
    xattrs.set(path, true, name, value.address(), XattrCalls.XATTR_SIZE_MAX, 1);
    assertErrno(Errno.EEXIST, () -> xattrs.set(path, true, name, value.address(), 1, 1));
    assertEquals(65536, xattrs.get(path, true, name, 0, 0));
    assertErrno(Errno.ERANGE, () -> xattrs.get(path, true, name, value.address(), 65535));
    value.bytes().put(0, (byte) 0).put(XattrCalls.XATTR_SIZE_MAX - 1, (byte) 0);
    assertEquals(65536, xattrs.get(path, true, name, value.address(), 65536));
    assertEquals('a', value.bytes().get(0));
    assertEquals('z', value.bytes().get(65535));
    assertEquals(10, xattrs.list(path, true, 0, 0)); // user.name and its NUL
    assertErrno(Errno.ERANGE, () -> xattrs.list(path, true, value.address(), 9));
    assertEquals(10, xattrs.list(path, true, value.address(), 10));
    xattrs.remove(path, true, name);
    assertEquals(0, xattrs.list(path, true, value.address(), 10));
    assertErrno(Errno.ENODATA, () -> xattrs.remove(path, true, name));
  }

  private interface Call {
    void run() throws ErrnoException;
  }

  private static void assertErrno(int errno, Call call) {
    assertEquals(errno, assertThrows(ErrnoException.class, call::run).errno());
  }

  @Test
  @DisplayName("makes files without a name, renames with flags, allocates, seeks and copies ranges")
  void newerCalls() throws Exception {
    int dir = open(directory, NameCalls.O_RDONLY | NameCalls.O_DIRECTORY);
    int unnamed = open(directory, NameCalls.O_RDWR | NameCalls.O_TMPFILE);
    byte[] made = "made".getBytes(StandardCharsets.UTF_8);
    byte[] other = "other".getBytes(StandardCharsets.UTF_8);
    NativeBuffer bytes = NativeBuffer.allocate(8192);
    try {
      bytes.bytes().put(0, (byte) 7);
      posix.files().pwrite(unnamed, bytes.address(), 5000, 0);
      byte[] self = XattrCalls.pathOf(unnamed);
      posix.names().link(NameCalls.AT_FDCWD, self, dir, made, NameCalls.AT_SYMLINK_FOLLOW);
      assertEquals(5000, Files.size(directory.resolve("made")));
      Files.createFile(directory.resolve("other"));
      assertErrno(
          Errno.EEXIST,
          () -> posix.names().rename(dir, made, dir, other, NameCalls.RENAME_NOREPLACE));
      assertErrno(
          Errno.EINVAL,
          () -> posix.names().rename(dir, made, dir, other, NameCalls.RENAME_EXCHANGE));
      posix.files().fallocate(unnamed, 0, 0, 6000);
      assertEquals(6000, Files.size(directory.resolve("made")));
      assertErrno(Errno.EOPNOTSUPP, () -> posix.files().fallocate(unnamed, 2 | 1, 0, 10));
      assertEquals(100, posix.files().lseek(unnamed, 100, 3)); // SEEK_DATA
      assertEquals(6000, posix.files().lseek(unnamed, 100, 4)); // SEEK_HOLE
      assertErrno(Errno.ENXIO, () -> posix.files().lseek(unnamed, 7000, 3));
      copyRange(unnamed);
      posix.files().fsync(dir);
      assertEquals(7, Files.readAllBytes(directory.resolve("other"))[0]);
      assertEquals(1, requests("COPY_FILE_RANGE") + requests("COPY_FILE_RANGE_64"));
      assertEquals(2, requests("FSYNC"));
      assertEquals(1, requests("FSYNCDIR"));
      assertEquals(255, posix.files().statfs(dir).nameLength());
      assertEquals(500, posix.files().statfs(dir).availableBlocks());
    } finally {
      posix.files().close(unnamed);
      posix.files().close(dir);
    }
  }

  private void copyRange(int source) throws ErrnoException {
    int target = open(directory.resolve("other"), NameCalls.O_WRONLY);
    try {
      assertEquals(6000, posix.files().copyFileRange(source, 0, target, 0, 10_000));
      posix.files().fsync(target);
      posix.files().fdatasync(target);
    } finally {
      posix.files().close(target); // an open file here and the server in one process: no exit
    }
  }

  private int open(Path path, int flags) throws ErrnoException {
    byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
    return posix.names().open(NameCalls.AT_FDCWD, name, flags, 0600);
  }

  @Test
  @DisplayName("answers ENOTTY to ioctl and leaves locks to the kernel")
  void ioctlAndLocks() throws Exception {
    String said = shell("echo x > f; lsattr f 2>&1 || true; flock f echo locked");
    boolean refused = said.contains("Inappropriate ioctl") || said.contains("not supported");
    assertTrue(refused, said); // ENOTTY, which newer kernels turn into EOPNOTSUPP
    assertTrue(said.endsWith("locked\n"), said);
  }

  @Test
  @DisplayName("can drop from the kernel's caches what the file system says")
  void invalidates() throws Exception {
    Files.writeString(directory.resolve("f"), "x");
    long lookups = requests("LOOKUP");
    assertTrue(Files.exists(directory.resolve("f")));
    assertEquals(lookups, requests("LOOKUP"));
    tree.connection().invalidateEntry(1, "f".getBytes(StandardCharsets.UTF_8));
    assertTrue(Files.exists(directory.resolve("f")));
    assertEquals(lookups + 1, requests("LOOKUP"));
    tree.connection().invalidateEntry(1, "not there".getBytes(StandardCharsets.UTF_8));
    long attributes = requests("GETATTR");
    assertEquals(1, Files.size(directory.resolve("f")));
    assertEquals(attributes, requests("GETATTR"));
    tree.connection().invalidateNode(2);
    assertEquals(1, Files.size(directory.resolve("f")));
    assertEquals(attributes + 1, requests("GETATTR"));
    tree.connection().invalidateNode(123456);
  }

  @Test
  @DisplayName("deletes while it lists: each entry is seen at most once, and none stays")
  void deletesWhileListing() throws Exception {
    for (int i = 0; i < 3000; i++) {
      Files.createFile(directory.resolve("file " + i));
    }
    shell("find . -type f -delete");
    tree.awaitOnlyRoot();
  }

  @ParameterizedTest(name = "writeback cache {0}")
  @ValueSource(booleans = {false, true})
  @DisplayName("keeps what many processes write at once, with and without the writeback cache")
  void writesInParallel(boolean writeback) throws Exception {
    session.unmount();
    tree = new MemoryFileSystem(new Features(false, writeback, false, true, true));
    session = start(tree, options());
    assertEquals(writeback, tree.connection().writebackCache());
    assertTrue(tree.connection().posixAcl());
    assertFalse(tree.connection().passthrough());
    String said =
        shell(
            """
            for p in 1 2 3 4; do
              (for i in 1 2 3 4 5 6 7 8 9 10; do
                head -c 100000 /dev/zero | tr '\\0' $p > f$p.$i; sync f$p.$i; done) &
            done
            wait
            cat f* | wc -c
            cat f3.* | tr -d 3 | wc -c
            """);
    assertEquals("4000000\n0\n", said);
  }
}
