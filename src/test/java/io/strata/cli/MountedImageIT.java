package io.strata.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.TestData;
import io.strata.compare.Aspect;
import io.strata.compare.TreeComparison;
import io.strata.squashfs.ImageTools;
import io.strata.squashfs.ImageTools.KernelMount;
import io.strata.squashfs.SampleTree;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("An image mounted by Strata equals the kernel's mount of it in everything")
class MountedImageIT {
  private static final long GIB = 1L << 30;

  @TempDir static Path temp;
  private static Path tree = Path.of("");
  private static Path large = Path.of("");
  private static Path mountPoint = Path.of("");

  private final Launcher launcher = new Launcher(temp);

  @BeforeAll
  static void makeTrees() throws Exception {
    TestData.needsRoot();
    TestData.needsFuse();
    ImageTools.needs("mksquashfs");
    tree = SampleTree.make(temp.resolve("tree"));
    large = Files.createDirectory(temp.resolve("large"));
    SampleTree.makeMany(Files.createDirectory(large.resolve("many")), 50_000);
    mountPoint = Files.createDirectory(temp.resolve("mnt"));
  }

  @AfterEach
  void leaveNothing() throws Exception {
    launcher.strata("umount", "--lazy", mountPoint.toString());
  }

  /** What else is compared with the kernel's mount. */
  @FunctionalInterface
  private interface More {
    void compare(Path kernel) throws Exception;
  }

  private void compare(Path image, String... options) throws Exception {
    // libfuse's protocol can't tell of holes
    Set<Aspect> without = List.of(options).contains("libfuse") ? Set.of(Aspect.HOLES) : Set.of();
    compare(image, without, kernel -> {}, options);
  }

  private void compare(Path image, Set<Aspect> without, More more, String... options)
      throws Exception {
    String[] arguments = new String[options.length + 3];
    arguments[0] = "mount";
    arguments[1] = image.toString();
    arguments[2] = mountPoint.toString();
    System.arraycopy(options, 0, arguments, 3, options.length);
    Launcher.Result mounted = launcher.strata(arguments);
    assertEquals(0, mounted.exitCode(), mounted::toString);
    try (KernelMount kernel = KernelMount.of(image, temp)) {
      TreeComparison.Result result =
          TreeComparison.ofMounts(kernel.path(), mountPoint)
              .without(without.toArray(Aspect[]::new))
              .run();
      assertEquals(List.of(), result.differences());
      assertTrue(result.entries() > 500, "few entries: " + result);
      more.compare(kernel.path());
    }
    Launcher.Result unmounted = launcher.strata("umount", mountPoint.toString());
    assertEquals(0, unmounted.exitCode(), unmounted::toString);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"gzip", "lzo", "lz4", "xz", "zstd"})
  void everyCompressor(String compressor) throws Exception {
    Path image = temp.resolve(compressor + ".sqfs");
    compare(ImageTools.mksquashfs(tree, image, "-comp", compressor));
  }

  @Test
  @DisplayName("with a directory of 50,000 entries")
  void largeDirectory() throws Exception {
    compare(ImageTools.mksquashfs(large, temp.resolve("large.sqfs"), "-comp", "zstd"));
  }

  @Test
  @DisplayName("with a sparse file of more than 4 GiB")
  void sparse() throws Exception {
    Path sparse = Files.createDirectory(temp.resolve("sparse"));
    long size = 4 * GIB + 12346;
    SampleTree.makeSparse(sparse.resolve("file"), size, GIB, 4 * GIB - 1, 4 * GIB + 12345);
    SampleTree.makeMany(sparse, 500);
    Path image = ImageTools.tar2sqfs(sparse, temp.resolve("sparse.sqfs"));
    compare(
        image,
        Set.of(Aspect.CONTENT),
        kernel -> {
          for (Path file : List.of(kernel.resolve("file"), mountPoint.resolve("file"))) {
            assertEquals(size, Files.size(file));
          }
          for (long at : List.of(0L, GIB, 2 * GIB, 3 * GIB + 1, 4 * GIB, size)) {
            assertArrayEquals(
                around(kernel.resolve("file"), at),
                around(mountPoint.resolve("file"), at),
                "" + at);
          }
        });
  }

  /** A mebibyte before and behind an offset, as far as there is one. */
  private static byte[] around(Path file, long offset) throws Exception {
    ByteBuffer bytes = ByteBuffer.allocate(2 << 20);
    try (FileChannel channel = FileChannel.open(file)) {
      long at = Math.max(0, offset - (1 << 20));
      while (bytes.hasRemaining() && channel.read(bytes, at + bytes.position()) >= 0) {
        continue;
      }
    }
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  @Test
  @DisplayName("the real guru snapshot")
  void guru() throws Exception {
    compare(TestData.shared("mirror/guru-20260630.sqfs"));
  }

  @Test
  @DisplayName("the real guru snapshot, through libfuse")
  void guruThroughLibfuse() throws Exception {
    compare(TestData.shared("mirror/guru-20260630.sqfs"), "--transport", "libfuse");
  }

  @Test
  @DisplayName("a tree with one of everything, through libfuse")
  void everythingThroughLibfuse() throws Exception {
    Path image = ImageTools.mksquashfs(tree, temp.resolve("libfuse.sqfs"), "-comp", "zstd");
    compare(image, "--transport", "libfuse");
  }
}
