package io.strata.union;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.TestData;
import io.strata.fuse.Attributes;
import io.strata.fuse.MountOptions;
import io.strata.fuse.Session;
import io.strata.fuse.kernel.KernelTransport;
import io.strata.posix.ErrnoException;
import io.strata.posix.NativeBuffer;
import io.strata.posix.Posix;
import io.strata.posix.XattrCalls;
import io.strata.squashfs.CorruptImageException;
import io.strata.squashfs.HandMadeImage;
import io.strata.squashfs.HostileImages;
import io.strata.squashfs.ImageTools;
import io.strata.squashfs.SquashFsImage;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("On the mount of a hostile image")
@Timeout(180)
class HostileMountIT {
  @TempDir Path directory;
  private final Posix posix = Posix.system();
  private final NativeBuffer buffer = NativeBuffer.allocate(XattrCalls.XATTR_SIZE_MAX);
  private final List<String> damage = Collections.synchronizedList(new ArrayList<>());
  private Path mountPoint = Path.of("");
  private Path imagePath = Path.of("");

  /** An image on the mount point. */
  private record Mounted(SquashFsImage image, Session session) implements AutoCloseable {
    @Override
    public void close() throws Exception {
      session.unmount();
      image.close();
    }
  }

  @BeforeEach
  void prepare() throws Exception {
    TestData.needsRoot();
    TestData.needsFuse();
    mountPoint = Files.createDirectory(directory.resolve("mnt"));
    imagePath = directory.resolve("image.sqfs");
  }

  @AfterEach
  void isUnmounted() throws Exception {
    String mounts = Files.readString(Path.of("/proc/self/mounts"));
    assertFalse(mounts.contains(" " + mountPoint + " "), mounts);
  }

  private Mounted mount() throws Exception {
    SquashFsImage image = SquashFsImage.open(imagePath);
    ImageFileSystem files =
        new ImageFileSystem(
            new LowerLayer.Image(image),
            Attributes.FOREVER,
            (name, what) -> damage.add(name + ": " + what));
    MountOptions options = MountOptions.readOnly(mountPoint, "hostile");
    return new Mounted(image, new KernelTransport(posix).mount(files, options));
  }

  @ParameterizedTest(name = "{0} = {1}")
  @DisplayName("a field out of range gives EIO there, a line in the log, and the rest as it is")
  @MethodSource("io.strata.squashfs.HostileFields#rows")
  void field(String field, long value, int size, Set<String> unreadable) throws Exception {
    new HandMadeImage().set(field, value, size).write(imagePath);
    if (unreadable.contains("open")) {
      CorruptImageException refusal = assertThrows(CorruptImageException.class, this::mount);
      String message = String.valueOf(refusal.getMessage());
      assertTrue(message.startsWith(imagePath + ": ") && message.contains(" at byte "), message);
      return;
    }
    try (Mounted _ = mount()) {
      Set<String> failures = new TreeSet<>();
      walk("", failures);
      // Nobody, not even root, may open what belongs to a user that the kernel can't name.
      boolean isNobodys = field.equals("id.0");
      assertEquals(isNobodys ? Set.of("/ext", "/ext@") : unreadable, failures);
      assertEquals(unreadable.isEmpty(), damage.isEmpty(), damage::toString);
      for (String line : damage) {
        assertTrue(line.startsWith(imagePath + ": ") && line.contains(" at byte "), line);
      }
    }
  }

  @Test
  @DisplayName(
      "a name of 256 bytes is listed and found as by the kernel; an absent one is too long")
  void longestName() throws Exception {
    Files.write(imagePath, HostileImages.longestName());
    String name = "n".repeat(256);
    try (Mounted _ = mount();
        ImageTools.KernelMount kernel = ImageTools.KernelMount.of(imagePath, directory)) {
      for (Path root : List.of(mountPoint, kernel.path())) {
        try (var entries = Files.list(root)) {
          Set<Path> found = entries.collect(Collectors.toSet());
          assertEquals(Set.of(root.resolve("good"), root.resolve(name)), found);
        }
        assertEquals(HostileImages.GOOD, Files.readString(root.resolve(name)));
      }
      for (int length : new int[] {256, 257, 1000}) {
        Path absent = mountPoint.resolve("m".repeat(length));
        FileSystemException error =
            assertThrows(FileSystemException.class, () -> Files.size(absent));
        assertEquals("File name too long", error.getReason());
      }
      assertEquals(List.of(), damage);
    }
  }

  private void walk(String path, Set<String> failures) throws IOException {
    readXattrs(path, failures);
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(at(path))) {
      for (Path entry : entries) {
        visit(path + "/" + entry.getFileName(), failures);
      }
    } catch (DirectoryIteratorException e) {
      failures.add(path + "/");
    } catch (FileSystemException e) {
      failures.add(path);
    }
  }

  private Path at(String path) {
    return mountPoint.resolve(path.isEmpty() ? "." : path.substring(1));
  }

  private void visit(String path, Set<String> failures) throws IOException {
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(at(path), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (attributes.isDirectory()) {
        walk(path, failures);
        return;
      }
      readXattrs(path, failures);
      if (attributes.isSymbolicLink()) {
        Files.readSymbolicLink(at(path));
      } else if (attributes.isRegularFile()) {
        readData(path, attributes.size());
      }
    } catch (IOException e) {
      failures.add(path);
    }
  }

  /** The beginning and the end of a file. */
  private void readData(String path, long size) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(at(path).toFile(), "r")) {
      byte[] bytes = new byte[1 << 14];
      readAll(file, bytes);
      if (path.equals("/ext") && size == 5) {
        assertEquals("hello", new String(bytes, 0, 5, StandardCharsets.US_ASCII));
      }
      file.seek(Math.max(0, size - bytes.length));
      readAll(file, bytes);
    }
  }

  private static void readAll(RandomAccessFile file, byte[] bytes) throws IOException {
    int done = 0;
    int got;
    while (done < bytes.length && (got = file.read(bytes, done, bytes.length - done)) > 0) {
      done += got;
    }
  }

  private void readXattrs(String path, Set<String> failures) {
    byte[] name = at(path).toString().getBytes(StandardCharsets.UTF_8);
    try {
      int length = posix.xattrs().list(name, false, buffer.address(), XattrCalls.XATTR_SIZE_MAX);
      byte[] names = new byte[length];
      buffer.bytes().get(0, names);
      for (String each : new String(names, StandardCharsets.UTF_8).split("\0")) {
        if (!each.isEmpty()) {
          byte[] attribute = each.getBytes(StandardCharsets.UTF_8);
          posix.xattrs().get(name, false, attribute, buffer.address(), buffer.capacity());
        }
      }
    } catch (ErrnoException e) {
      if (Files.exists(at(path), LinkOption.NOFOLLOW_LINKS)) {
        failures.add(path + "@");
      } // else the walk says so
    }
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("find comes to its end, and every neighbour is readable")
  @ValueSource(strings = {"loop", "doubling", "doublingByNumber", "deep"})
  void trees(String kind) throws Exception {
    byte[] bytes =
        switch (kind) {
          case "loop" -> HostileImages.loop();
          case "doubling" -> HostileImages.doubling();
          case "doublingByNumber" -> HostileImages.doublingByNumber();
          default -> HostileImages.deep(3000);
        };
    Files.write(imagePath, bytes);
    try (Mounted _ = mount()) {
      int lines = find();
      assertTrue(lines < 3100, "lines: " + lines);
      assertEquals(lines, find(), "the same once more");
      assertEquals(HostileImages.GOOD, Files.readString(mountPoint.resolve("good")));
      assertEquals(!kind.equals("deep"), !damage.isEmpty(), damage::toString);
    }
  }

  /** The lines that find prints. */
  private int find() throws Exception {
    Path out = directory.resolve("out");
    Process find =
        new ProcessBuilder("find", mountPoint.toString(), "-printf", "%s %y\n")
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!find.waitFor(60, TimeUnit.SECONDS)) {
      find.destroyForcibly().waitFor();
      throw new AssertionError("find does not end");
    }
    return Files.readAllLines(out).size();
  }

  @Test
  @DisplayName("all blocks of a file but the damaged one are readable, page by page")
  void oneBadBlock() throws Exception {
    int blockSize = 4096;
    int blocks = 300;
    Path tree = Files.createDirectory(directory.resolve("tree"));
    byte[] content = new byte[blocks * blockSize];
    new Random(5).nextBytes(content);
    for (int i = 0; i < content.length; i += 2) {
      content[i] = 0; // so that it compresses, and a damaged block is found out
    }
    Files.write(tree.resolve("file"), content);
    ImageTools.mksquashfs(tree, imagePath, "-comp", "gzip", "-b", "4096", "-no-fragments");
    byte[] image = Files.readAllBytes(imagePath);
    int bad = 96 + (image.length - 96) / 2; // somewhere in the data
    image[bad] ^= 0x10;
    Files.write(imagePath, image);
    try (Mounted _ = mount()) {
      List<Integer> failed = new ArrayList<>();
      byte[] page = new byte[blockSize];
      for (int i = 0; i < blocks; i++) {
        try (RandomAccessFile file =
            new RandomAccessFile(mountPoint.resolve("file").toFile(), "r")) {
          file.seek((long) i * blockSize);
          file.readFully(page);
          assertTrue(
              Arrays.equals(page, 0, blockSize, content, i * blockSize, (i + 1) * blockSize),
              "block " + i + " is other bytes");
        } catch (IOException e) {
          failed.add(i);
        }
      }
      assertEquals(1, failed.size(), failed::toString);
      sequential(content, failed.getFirst() * blockSize);
    }
  }

  /**
   * A reader from the start gets all bytes before the damage, and then the error: no end of file.
   */
  private void sequential(byte[] content, int damaged) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(mountPoint.resolve("file").toFile(), "r")) {
      byte[] bytes = new byte[damaged];
      file.readFully(bytes);
      assertTrue(Arrays.equals(bytes, 0, damaged, content, 0, damaged));
      assertThrows(IOException.class, () -> file.read(bytes, 0, 1));
      assertEquals(content.length, file.length());
    }
  }
}
