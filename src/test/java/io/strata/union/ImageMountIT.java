package io.strata.union;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.TestData;
import io.strata.compare.TreeComparison;
import io.strata.squashfs.HandMadeImage;
import io.strata.squashfs.ImageTools;
import io.strata.squashfs.ImageTools.KernelMount;
import io.strata.squashfs.SampleTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the program's own mounts show stands in MountedImageIT; here are more kinds of images. */
@DisplayName("A mounted image equals the kernel's mount of it, st_ino, order and holes among all")
class ImageMountIT {
  @TempDir static Path temp;
  private static Path tree = Path.of("");
  private static Path image = Path.of("");
  private static Path mountPoint = Path.of("");

  @BeforeAll
  static void build() throws Exception {
    TestData.needsRoot();
    TestData.needsFuse();
    tree = SampleTree.make(temp.resolve("tree"));
    image = temp.resolve("image");
    mountPoint = Files.createDirectory(temp.resolve("mnt"));
  }

  private static void compare(int entries) throws Exception {
    try (ImageMount mount = ImageMount.of(image, mountPoint)) {
      compare(mount, entries);
    }
  }

  private static void compare(ImageMount mount, int entries) throws Exception {
    try (KernelMount kernel = KernelMount.of(image, temp)) {
      TreeComparison.Result result = TreeComparison.ofMounts(kernel.path(), mount.path()).run();
      assertEquals(List.of(), result.differences());
      assertTrue(result.entries() >= entries, "entries: " + result.entries());
      assertEquals(List.of(), mount.damage());
    }
  }

  @ParameterizedTest(name = "mksquashfs {0}")
  @ValueSource(
      strings = {
        "-comp zstd -noId -noI -noD -noF -noX -no-exports",
        "-comp lzo -b 4K -nopad -no-fragments",
        "-comp lz4 -b 1M -always-use-fragments -no-duplicates",
        "-comp gzip -no-xattrs -no-sparse -all-time 4294967295 -force-gid 4294967295"
      })
  void mksquashfs(String options) throws Exception {
    ImageTools.mksquashfs(tree, image, options.split(" "));
    compare(3000);
  }

  @ParameterizedTest(name = "over io_uring, mksquashfs {0}")
  @ValueSource(strings = {"-comp zstd", "-comp gzip -b 1M -no-fragments"})
  void overRing(String options) throws Exception {
    ImageTools.mksquashfs(tree, image, options.split(" "));
    try (ImageMount mount = ImageMount.overRing(image, mountPoint)) {
      compare(mount, 3000);
    }
  }

  @Test
  @DisplayName("gensquashfs")
  void gensquashfs() throws Exception {
    ImageTools.needs("gensquashfs");
    String line = "gensquashfs -q -f -k -x -T -c zstd -b 8192 -D %s %s".formatted(tree, image);
    ImageTools.run("sh", "-c", line);
    compare(3000);
  }

  @Test
  @DisplayName("tar2sqfs")
  void tar2sqfs() throws Exception {
    ImageTools.needs("tar2sqfs");
    String tar = "tar -C %s --xattrs --xattrs-include='*' --format=posix -c . 2>/dev/null";
    ImageTools.run("sh", "-c", (tar + " | tar2sqfs -q -f -e -c lz4 %s").formatted(tree, image));
    compare(3000);
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("with inodes and directories laid out as no common program does")
  @EnumSource
  void layouts(HandMadeImage.Layout layout) throws Exception {
    new HandMadeImage(layout).write(image);
    compare(7);
  }
}
