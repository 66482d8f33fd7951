package io.strata.mount;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.NameCalls;
import io.strata.posix.NativeBuffer;
import io.strata.posix.Posix;
import io.strata.posix.XattrCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("An upper layer on a full file system")
class FullUpperIT extends MountFixture {
  private static final int LARGE = 300_000;

  private final Posix posix = Posix.system();
  private final NativeBuffer buffer = NativeBuffer.allocate(1 << 16);
  private final byte[] large = new byte[LARGE];
  private Path small = Path.of("");
  private Path upper = Path.of("");

  /** A call that needs room. */
  private interface Call {
    void run() throws ErrnoException;
  }

  @BeforeEach
  void makeImage() throws Exception {
    new Random(1).nextBytes(large);
    Path tree = Files.createDirectory(directory.resolve("full.tree"));
    for (String name : new String[] {"append", "mode", "rename", "truncate", "link", "xattr"}) {
      Files.write(tree.resolve(name), large);
    }
    Files.createLink(tree.resolve("alias"), tree.resolve("link"));
    Files.createDirectories(tree.resolve("directory/inner"));
    Files.write(tree.resolve("directory/inner/file"), large);
    image = directory.resolve("full.sqfs");
    Strata.tool("mksquashfs", tree.toString(), image.toString(), "-quiet", "-no-progress");
    small = Files.createDirectory(directory.resolve("small"));
    upper = small.resolve("upper");
  }

  @AfterEach
  void unmountSmall() throws Exception {
    Strata.tool("umount", "-l", small.toString());
  }

  private void mountSmall(String type) throws Exception {
    if (type.equals("tmpfs")) {
      Strata.tool("mount", "-t", "tmpfs", "-o", "size=4m", "none", small.toString());
      return;
    }
    Path disk = directory.resolve("disk");
    Strata.tool("truncate", "-s", "8M", disk.toString());
    Strata.tool("mkfs." + type, "-q", "-b", "1024", "-I", "128", disk.toString());
    Strata.tool("mount", "-o", "loop", disk.toString(), small.toString());
  }

  @ParameterizedTest(name = "{0}, {1}")
  @DisplayName(
      "refuses what needs room with ENOSPC, keeps what there was, and goes on when there is")
  @CsvSource({"ext4, kernel", "tmpfs, kernel", "ext4, libfuse"})
  void full(String type, String transport) throws Exception {
    mountSmall(type);
    mount("--upper", upper, "--transport", transport);
    Files.write(mountPoint.resolve("mine"), new byte[] {1});
    Path filler = small.resolve("filler");
    fill(filler);
    Map<String, Integer> results = tryAll();
    for (Map.Entry<String, Integer> result : results.entrySet()) {
      boolean may = result.getValue() == 0 && !result.getKey().startsWith("must");
      assertTrue(may || result.getValue() == Errno.ENOSPC, () -> "answers: " + results);
    }
    assertUnchanged();
    assertEquals("", Strata.tool("ls", "-A", upper + ".work/work"), "left in work: " + results);

    Files.delete(filler);
    Strata.tool("sync", "-f", small.toString());
    for (Map.Entry<String, Integer> result : tryAll().entrySet()) {
      assertEquals(0, result.getValue(), result.getKey() + " with room");
    }
    strata.run("umount", mountPoint).expect(0);
    mount("--upper", upper, "--transport", transport);
    assertEquals(LARGE + 1, Files.size(mountPoint.resolve("append")));
    strata.run("umount", mountPoint).expect(0);
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("can be mounted while it is full, to make room")
  @CsvSource({"ext4", "tmpfs"})
  void mountedFull(String type) throws Exception {
    mountSmall(type);
    mount("--upper", upper);
    Files.write(mountPoint.resolve("mine"), new byte[1_000_000]);
    strata.run("umount", mountPoint).expect(0);
    fill(small.resolve("filler"));
    mount("--upper", upper);
    assertUnchanged();
    Files.delete(mountPoint.resolve("mine"));
    Strata.tool("sync", "-f", small.toString()); // ext4 gives blocks back with its journal only
    Files.write(mountPoint.resolve("new"), new byte[500_000]);
    strata.run("umount", mountPoint).expect(0);
  }

  private static void fill(Path file) throws IOException {
    byte[] block = new byte[1024];
    try (var out = Files.newOutputStream(file)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      assertTrue(
          String.valueOf(e.getMessage()).contains("No space"), String.valueOf(e.getMessage()));
    }
  }

  private void assertUnchanged() throws IOException {
    for (String name : new String[] {"append", "mode", "rename", "truncate", "link", "alias"}) {
      assertArrayEquals(large, Files.readAllBytes(mountPoint.resolve(name)), name);
    }
    assertArrayEquals(large, Files.readAllBytes(mountPoint.resolve("directory/inner/file")));
  }

  private byte[] at(String name) {
    return mountPoint.resolve(name).toString().getBytes(UTF_8);
  }

  /** What each call is answered, by errno; those that need room whatever the file system first. */
  private Map<String, Integer> tryAll() {
    Map<String, Integer> results = new LinkedHashMap<>();
    NameCalls names = posix.names();
    int here = NameCalls.AT_FDCWD;
    results.put("must: append", answer(() -> write("append", NameCalls.O_APPEND, 1, LARGE)));
    results.put("rename", answer(() -> renameThereAndBack("rename")));
    results.put(
        "must: write a new file",
        answer(() -> write("created", NameCalls.O_CREAT, buffer.capacity(), 0)));
    results.put("must: write more", answer(() -> write("mine", 0, buffer.capacity(), LARGE)));
    results.put("link", answer(() -> linkAndRemove("alias")));
    results.put("chmod", answer(() -> names.chmod(here, at("mode"), 0644)));
    results.put("mkdir", answer(() -> makeAndRemoveDirectory("made")));
    results.put("setxattr", answer(() -> setXattr("xattr")));
    results.put("rename a directory", answer(() -> renameThereAndBack("directory/inner")));
    results.put("symlink", answer(() -> linkSymbolically("symlink")));
    return results;
  }

  private int answer(Call call) {
    try {
      call.run();
      return 0;
    } catch (ErrnoException e) {
      return e.errno();
    }
  }

  private void write(String name, int flags, int length, long offset) throws ErrnoException {
    int fd = posix.names().open(NameCalls.AT_FDCWD, at(name), NameCalls.O_WRONLY | flags, 0644);
    try {
      posix.files().pwrite(fd, buffer.address(), length, offset);
      posix.files().fsync(fd);
    } finally {
      posix.files().close(fd);
    }
  }

  private void renameThereAndBack(String name) throws ErrnoException {
    byte[] from = at(name);
    byte[] to = at(name + ".moved");
    posix.names().rename(NameCalls.AT_FDCWD, from, NameCalls.AT_FDCWD, to, 0);
    posix.names().rename(NameCalls.AT_FDCWD, to, NameCalls.AT_FDCWD, from, 0);
  }

  private void linkAndRemove(String name) throws ErrnoException {
    byte[] made = at(name + ".more");
    posix.names().link(NameCalls.AT_FDCWD, at(name), NameCalls.AT_FDCWD, made, 0);
    posix.names().unlink(NameCalls.AT_FDCWD, made);
  }

  private void makeAndRemoveDirectory(String name) throws ErrnoException {
    posix.names().mkdir(NameCalls.AT_FDCWD, at(name), 0755);
    posix.names().rmdir(NameCalls.AT_FDCWD, at(name));
  }

  private void linkSymbolically(String name) throws ErrnoException {
    byte[] target = "x".repeat(500).getBytes(UTF_8);
    posix.names().symlink(target, NameCalls.AT_FDCWD, at(name));
    posix.names().unlink(NameCalls.AT_FDCWD, at(name));
  }

  private void setXattr(String name) throws ErrnoException {
    byte[] attribute = "user.test".getBytes(UTF_8);
    posix.xattrs().set(at(name), false, attribute, buffer.address(), 700, XattrCalls.XATTR_CREATE);
    posix.xattrs().remove(at(name), false, attribute);
  }
}
