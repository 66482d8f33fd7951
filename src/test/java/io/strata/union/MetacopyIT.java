package io.strata.union;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.TestData;
import io.strata.compare.Aspect;
import io.strata.compare.TreeComparison;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.NameCalls;
import io.strata.posix.Posix;
import io.strata.posix.Stat;
import io.strata.squashfs.ImageTools;
import io.strata.squashfs.ImageTools.KernelMount;
import io.strata.squashfs.SquashFsImage;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Metadata-only copy-up")
class MetacopyIT {
  private static final int SIZE = 3 << 20;
  private static final String OPTIONS = "redirect_dir=on,metacopy=on,index=on";
  private static final FileTime OLD = FileTime.from(Instant.ofEpochSecond(86_400));

  @TempDir Path directory;

  private final Posix posix = Posix.system();
  private final byte[] data = new byte[SIZE];
  private Path image = Path.of("");
  private @Nullable SquashFsImage opened;
  private Path upper = Path.of("");

  @BeforeEach
  void build() throws Exception {
    TestData.needsRoot();
    TestData.needsFuse();
    new Random(5).nextBytes(data);
    Path tree = directory.resolve("tree");
    Files.createDirectories(tree.resolve("d/e"));
    for (String name : List.of("big", "other", "d/big", "d/hard", "d/e/third")) {
      Files.write(tree.resolve(name), data);
    }
    Files.createLink(tree.resolve("hard"), tree.resolve("d/hard"));
    Files.writeString(tree.resolve("small"), "small");
    try (var files = Files.walk(tree)) {
      for (Path file : files.toList()) {
        Files.setLastModifiedTime(file, OLD);
      }
    }
    image = ImageTools.mksquashfs(tree, directory.resolve("image.sqfs"), "-comp", "lz4");
    opened = SquashFsImage.open(image);
    upper = directory.resolve("upper");
  }

  @AfterEach
  void close() throws Exception {
    requireNonNull(opened).close();
  }

  private UnionMount mount() throws Exception {
    return UnionMount.of(directory, List.of(new LowerLayer.Image(requireNonNull(opened))));
  }

  private static byte[] bytes(Path path) {
    return path.toString().getBytes(UTF_8);
  }

  private Stat stat(Path path) throws Exception {
    Stat stat = new Stat();
    posix.names().stat(NameCalls.AT_FDCWD, bytes(path), 0, stat);
    return stat;
  }

  /** Whether an upper file bears overlay.metacopy. */
  private boolean isMetacopy(Path file) throws Exception {
    byte[] name = OverlayXattrs.PRIVILEGED.metacopy();
    try {
      posix.xattrs().get(bytes(file), false, name, 0, 0);
      return true;
    } catch (ErrnoException e) {
      assertEquals(Errno.ENODATA, e.errno());
      return false;
    }
  }

  private void chmod(Path file, int mode) throws Exception {
    posix.names().chmod(NameCalls.AT_FDCWD, bytes(file), mode);
  }

  private void assertOnlyMetadata(String name) throws Exception {
    assertTrue(isMetacopy(upper.resolve(name)), name);
    long blocks = stat(upper.resolve(name)).blocks; // one of 4 KiB may hold its attributes
    assertTrue(blocks <= 8, name + " takes " + blocks + " blocks");
  }

  private void assertData(Path file) throws Exception {
    assertArrayEquals(data, Files.readAllBytes(file));
  }

  private Path remember(Path mount) throws Exception {
    Path copy = directory.resolve("remembered");
    ImageTools.run("rm", "-rf", copy.toString());
    ImageTools.run("cp", "-a", mount.toString(), copy.toString());
    return copy;
  }

  private static void assertSame(Path left, Path right) throws Exception {
    TreeComparison.Result result =
        TreeComparison.of(left, right)
            .without(Aspect.INODE_NUMBER, Aspect.DIRECTORY_SIZE, Aspect.LINK_COUNT)
            .run();
    List<String> below = result.differences().stream().filter(d -> !d.startsWith("/:")).toList();
    assertEquals(List.of(), below);
  }

  private void assertKernelSees(Path expected) throws Exception {
    try (KernelMount lower = KernelMount.of(image, directory);
        PeerMount kernel = PeerMount.kernel(directory, List.of(lower.path()), OPTIONS)) {
      assertSame(kernel.path(), expected);
    }
  }

  @Test
  @DisplayName("chmod, chown, utimes and setxattr of large files copy no data; the kernel agrees")
  void attributesOnly() throws Exception {
    Path copy;
    try (UnionMount union = mount()) {
      Path root = union.path();
      chmod(root.resolve("big"), 04640);
      posix.names().chown(NameCalls.AT_FDCWD, bytes(root.resolve("d/big")), 12, 13, 0);
      ImageTools.run("setfattr", "-n", "user.x", "-v", "y", root.resolve("other").toString());
      posix.names().setTimes(NameCalls.AT_FDCWD, bytes(root.resolve("d/e/third")), 0, 1, 2, -5, 7);
      chmod(root.resolve("small"), 0600);
      for (String name : List.of("big", "other", "d/big", "d/e/third")) {
        assertOnlyMetadata(name);
        assertData(root.resolve(name));
      }
      assertFalse(isMetacopy(upper.resolve("small")));
      assertEquals(04640, stat(root.resolve("big")).mode & 07777);
      assertEquals(OLD, Files.getLastModifiedTime(root.resolve("big")));
      copy = remember(root);
    }
    try (UnionMount union = mount()) {
      assertSame(union.path(), copy);
    }
    assertKernelSees(copy);
  }

  @Test
  @DisplayName("the data follows at the first opening for writing, and changes nothing else")
  void dataLater() throws Exception {
    try (UnionMount union = mount()) {
      Path big = union.path().resolve("big");
      chmod(big, 04711);
      long inode = stat(big).inode;
      FileChannel.open(big, StandardOpenOption.WRITE).close();
      assertFalse(isMetacopy(upper.resolve("big")));
      assertEquals(OLD, Files.getLastModifiedTime(big));
      assertEquals(04711, stat(big).mode & 07777);
      assertEquals(inode, stat(big).inode);
      assertData(big);
      Files.write(big, new byte[] {1, 2}, StandardOpenOption.APPEND);
      byte[] more = Arrays.copyOf(data, SIZE + 2);
      more[SIZE] = 1;
      more[SIZE + 1] = 2;
      assertArrayEquals(more, Files.readAllBytes(big));
      Path third = union.path().resolve("d/e/third");
      chmod(third, 0600);
      ImageTools.run("truncate", "-s", "1000000", third.toString());
      assertArrayEquals(Arrays.copyOf(data, 1_000_000), Files.readAllBytes(third));
    }
    Path copy;
    try (UnionMount union = mount()) {
      assertEquals(SIZE + 2, Files.size(union.path().resolve("big")));
      copy = remember(union.path());
    }
    assertKernelSees(copy);
  }

  @Test
  @DisplayName("who has it open or mapped sees what is written after both copy-ups")
  void openBefore() throws Exception {
    try (UnionMount union = mount()) {
      Path big = union.path().resolve("big");
      try (FileChannel reader = FileChannel.open(big);
          Arena arena = Arena.ofConfined()) {
        MemorySegment mapping = reader.map(MapMode.READ_ONLY, 0, SIZE, arena);
        assertEquals(data[5000], mapping.get(ValueLayout.JAVA_BYTE, 5000));
        chmod(big, 0600);
        assertEquals(data[2_000_000], mapping.get(ValueLayout.JAVA_BYTE, 2_000_000));
        byte changed = (byte) ~data[5000];
        try (FileChannel writer = FileChannel.open(big, StandardOpenOption.WRITE)) {
          writer.write(ByteBuffer.wrap(new byte[] {changed}), 5000);
        }
        assertEquals(changed, mapping.get(ValueLayout.JAVA_BYTE, 5000));
        ByteBuffer one = ByteBuffer.allocate(1);
        reader.read(one, 5000);
        assertEquals(changed, one.get(0));
        reader.read(one.clear(), SIZE - 1);
        assertEquals(data[SIZE - 1], one.get(0));
      }
    }
  }

  @Test
  @DisplayName("a file with several names stays one, whatever happens to its names")
  void names() throws Exception {
    Path copy;
    try (UnionMount union = mount()) {
      Path root = union.path();
      chmod(root.resolve("hard"), 0604);
      assertEquals(0604, stat(root.resolve("d/hard")).mode & 07777);
      assertEquals(2, stat(root.resolve("d/hard")).linkCount);
      assertOnlyMetadata("hard");
      chmod(root.resolve("big"), 0640);
      Files.move(root.resolve("big"), root.resolve("d/moved"));
      Files.move(root.resolve("d/big"), root.resolve("d/beside"));
      Files.createLink(root.resolve("d/linked"), root.resolve("other"));
      Files.move(root.resolve("d"), root.resolve("renamed"));
      Files.delete(root.resolve("other"));
      assertOnlyMetadata("renamed/moved");
      assertOnlyMetadata("renamed/beside");
      assertOnlyMetadata("renamed/linked");
      for (String name : List.of("moved", "beside", "linked", "hard", "e/third")) {
        assertData(root.resolve("renamed").resolve(name));
      }
      copy = remember(root);
    }
    assertKernelSees(copy);
    try (UnionMount union = mount()) {
      Path root = union.path();
      assertSame(root, copy);
      Files.write(root.resolve("hard"), new byte[] {7}, StandardOpenOption.APPEND);
      assertEquals(SIZE + 1, Files.size(root.resolve("renamed/hard")));
      assertEquals(stat(root.resolve("hard")).inode, stat(root.resolve("renamed/hard")).inode);
      Files.delete(root.resolve("hard"));
      assertEquals(1, stat(root.resolve("renamed/hard")).linkCount);
      Files.write(root.resolve("renamed/moved"), new byte[] {7}, StandardOpenOption.APPEND);
      Files.move(root.resolve("renamed/moved"), root.resolve("big"));
      copy = remember(root);
    }
    assertKernelSees(copy);
    try (UnionMount union = mount()) {
      assertSame(union.path(), copy);
    }
  }

  @Test
  @DisplayName("what the kernel wrote with metacopy=on is read, and changed")
  void kernelWrote() throws Exception {
    Path copy;
    try (KernelMount lower = KernelMount.of(image, directory);
        PeerMount kernel = PeerMount.kernel(directory, List.of(lower.path()), OPTIONS)) {
      Path root = kernel.path();
      chmod(root.resolve("big"), 0640);
      chmod(root.resolve("hard"), 0604);
      Files.move(root.resolve("big"), root.resolve("here"));
      Files.move(root.resolve("here"), root.resolve("d/e/there"));
      Files.createLink(root.resolve("linked"), root.resolve("d/big"));
      Files.move(root.resolve("d"), root.resolve("renamed"));
      copy = remember(root);
    }
    assertOnlyMetadata("linked");
    try (UnionMount union = mount()) {
      Path root = union.path();
      assertSame(root, copy);
      assertEquals(stat(root.resolve("hard")).inode, stat(root.resolve("renamed/hard")).inode);
      Files.write(root.resolve("linked"), new byte[] {9}, StandardOpenOption.APPEND);
      assertEquals(SIZE + 1, Files.size(root.resolve("renamed/big")));
      assertData(root.resolve("renamed/e/there"));
      copy = remember(root);
    }
    assertKernelSees(copy);
  }

  @Test
  @DisplayName("an upper with such files serves as a lower layer")
  void asLowerLayer() throws Exception {
    Path copy;
    try (UnionMount union = mount()) {
      Path root = union.path();
      chmod(root.resolve("big"), 0640);
      Files.move(root.resolve("d/big"), root.resolve("moved"));
      copy = remember(root);
    }
    Path middle = Files.move(upper, directory.resolve("middle"));
    ImageTools.run("rm", "-rf", directory.resolve("work").toString());
    List<LowerLayer> layers =
        List.of(new LowerLayer.Directory(middle), new LowerLayer.Image(requireNonNull(opened)));
    try (UnionMount union = UnionMount.of(directory, layers)) {
      assertSame(union.path(), copy);
      Files.write(union.path().resolve("moved"), new byte[] {9}, StandardOpenOption.APPEND);
      assertEquals(SIZE + 1, Files.size(union.path().resolve("moved")));
      chmod(union.path().resolve("big"), 0600);
      assertData(union.path().resolve("big"));
    }
    try (UnionMount union = UnionMount.of(directory, layers)) {
      assertData(union.path().resolve("big"));
      assertEquals(0600, stat(union.path().resolve("big")).mode & 07777);
    }
  }

  @Test
  @DisplayName("a chmod that comes while the data is copied is not lost")
  void bothAtOnce() throws Exception {
    try (UnionMount union = mount()) {
      for (String name : List.of("big", "other", "d/big", "d/e/third")) {
        Path file = union.path().resolve(name);
        chmod(file, 0600);
        Thread writer =
            Thread.ofPlatform().start(() -> assertDoesNotThrow(() -> append(file, new byte[] {1})));
        chmod(file, 0611);
        ImageTools.run("setfattr", "-n", "user.x", "-v", "y", file.toString());
        writer.join();
        assertEquals(0611, stat(file).mode & 07777);
        assertEquals(SIZE + 1, Files.size(file));
        byte[] attribute = "user.x".getBytes(UTF_8);
        assertEquals(1, posix.xattrs().get(bytes(file), false, attribute, 0, 0));
      }
    }
  }

  @Test
  @DisplayName("is off where it is switched off, as redirects are, for who reads neither")
  void features() throws Exception {
    try (UnionMount union = mount()) {
      chmod(union.path().resolve("other"), 0640);
      Files.move(union.path().resolve("d/e"), union.path().resolve("moved"));
    }
    UpperFeatures none = new UpperFeatures(UpperFeatures.RedirectDir.FOLLOW, false);
    List<LowerLayer> lowers = List.of(new LowerLayer.Image(requireNonNull(opened)));
    try (UnionMount union = UnionMount.with(none, directory, lowers)) {
      Path root = union.path();
      chmod(root.resolve("big"), 0640);
      assertData(upper.resolve("big"));
      assertData(root.resolve("other"));
      assertOnlyMetadata("other");
      Files.move(root.resolve("other"), root.resolve("another"));
      assertFalse(isMetacopy(upper.resolve("another")));
      assertData(root.resolve("moved/third"));
      for (String name : List.of("d", "moved")) {
        assertFails(Errno.EXDEV, () -> rename(root.resolve(name), root.resolve("new")));
      }
      Files.createDirectory(root.resolve("fresh"));
      rename(root.resolve("fresh"), root.resolve("new"));
    }
    UpperFeatures fewest = new UpperFeatures(UpperFeatures.RedirectDir.NOFOLLOW, false);
    try (UnionMount union = UnionMount.with(fewest, directory, lowers)) {
      assertFails(Errno.EPERM, () -> stat(union.path().resolve("moved")));
    }
  }

  private static void assertFails(int errno, Executable call) {
    assertEquals(errno, assertThrows(ErrnoException.class, call).errno());
  }

  private void rename(Path from, Path to) throws Exception {
    posix.names().rename(NameCalls.AT_FDCWD, bytes(from), NameCalls.AT_FDCWD, bytes(to), 0);
  }

  private static void append(Path file, byte[] more) throws Exception {
    Files.write(file, more, StandardOpenOption.APPEND);
  }
}
