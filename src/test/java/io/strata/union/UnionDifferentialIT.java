package io.strata.union;

import static io.strata.compare.Aspect.DIRECTORY_SIZE;
import static io.strata.compare.Aspect.INODE_NUMBER;
import static io.strata.compare.Aspect.LINK_COUNT;
import static io.strata.compare.Aspect.LINK_GROUPS;
import static io.strata.compare.Aspect.MODIFY_TIME;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.strata.TestData;
import io.strata.compare.Aspect;
import io.strata.compare.TreeComparison;
import io.strata.squashfs.ImageTools;
import io.strata.squashfs.ImageTools.KernelMount;
import io.strata.squashfs.SquashFsImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The same random history on a union and on a plain directory")
class UnionDifferentialIT {
  private static final int CHANGES = 1500;

  @TempDir Path directory;

  private Path tree;
  private Path image;
  private Path copy;
  private List<String> paths;

  @BeforeEach
  void build() throws Exception {
    TestData.needsRoot();
    TestData.needsFuse();
    tree = Files.createDirectories(directory.resolve("tree"));
    paths = LowerTree.make(tree);
    image = ImageTools.mksquashfs(tree, directory.resolve("image.sqfs"), "-comp", "zstd");
    copy = directory.resolve("copy");
    ImageTools.run("cp", "-a", tree.toString(), copy.toString());
  }

  private static void assertSame(Path left, Path right, Aspect... without) throws Exception {
    TreeComparison.Result result = TreeComparison.of(left, right).without(without).run();
    assertEquals(List.of(), result.differences());
  }

  @ParameterizedTest(name = "over an image, seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void overAnImage(long seed) throws Exception {
    try (SquashFsImage opened = SquashFsImage.open(image)) {
      List<LowerLayer> lowers = List.of(new LowerLayer.Image(opened));
      history(seed, lowers);
      Path remembered = directory.resolve("remembered");
      try (UnionMount union = UnionMount.of(directory, lowers)) {
        assertSame(union.path(), copy, MODIFY_TIME, DIRECTORY_SIZE, INODE_NUMBER);
        ImageTools.run("cp", "-a", union.path().toString(), remembered.toString());
      }
      underKernelOverlay(remembered);
    }
  }

  @ParameterizedTest(name = "over an image and io_uring, seed {0}")
  @ValueSource(longs = {31, 32, 33})
  void overRing(long seed) throws Exception {
    try (SquashFsImage opened = SquashFsImage.open(image);
        UnionMount union = UnionMount.overRing(directory, List.of(new LowerLayer.Image(opened)))) {
      history(seed, union);
    }
  }

  @ParameterizedTest(name = "over a directory, seed {0}")
  @ValueSource(longs = {11, 12, 13})
  void overADirectory(long seed) throws Exception {
    List<LowerLayer> lowers = List.of(new LowerLayer.Directory(tree));
    history(seed, lowers);
    try (UnionMount union = UnionMount.of(directory, lowers)) {
      assertSame(union.path(), copy, MODIFY_TIME, DIRECTORY_SIZE, INODE_NUMBER);
    }
  }

  @ParameterizedTest(name = "an upper as a lower layer of the next, seed {0}")
  @ValueSource(longs = {21, 22, 23})
  void stacked(long seed) throws Exception {
    try (SquashFsImage opened = SquashFsImage.open(image)) {
      LowerLayer bottom = new LowerLayer.Image(opened);
      history(seed, List.of(bottom));
      Path middle = directory.resolve("middle");
      Files.move(directory.resolve("upper"), middle);
      ImageTools.run("rm", "-rf", directory.resolve("work").toString());
      List<LowerLayer> both = List.of(new LowerLayer.Directory(middle), bottom);
      try (UnionMount union = UnionMount.of(directory, both)) {
        // Lower files of several names are one in the index only, which a lower layer has not.
        assertSameNames(union.path(), copy);
      }
      // From here on, what the layers show together is where the next history begins.
      try (UnionMount union = UnionMount.of(directory, both)) {
        ImageTools.run("rm", "-rf", copy.toString());
        ImageTools.run("cp", "-a", union.path().toString(), copy.toString());
        RandomHistory history = new RandomHistory(seed + 100, union.path(), copy, paths);
        history.run(CHANGES);
        history.close();
        assertEquals(List.of(), history.differences);
      }
      try (UnionMount union = UnionMount.of(directory, both)) {
        // The image counts names that the layer above it hides.
        assertSame(union.path(), copy, MODIFY_TIME, DIRECTORY_SIZE, INODE_NUMBER, LINK_COUNT);
      }
    }
  }

  private static void assertSameNames(Path left, Path right) throws Exception {
    assertSame(left, right, Aspect.values());
  }

  private void history(long seed, List<LowerLayer> lowers) throws Exception {
    try (UnionMount union = UnionMount.of(directory, lowers)) {
      history(seed, union);
    }
  }

  private void history(long seed, UnionMount union) throws Exception {
    RandomHistory history = new RandomHistory(seed, union.path(), copy, paths);
    try {
      history.run(CHANGES);
    } finally {
      history.close();
    }
    assertEquals(List.of(), history.differences);
    assertSame(union.path(), copy, MODIFY_TIME, DIRECTORY_SIZE, INODE_NUMBER);
  }

  /** Kernel overlayfs counts the links of merged directories and of lower files its own way. */
  private void underKernelOverlay(Path expected) throws Exception {
    try (KernelMount lower = KernelMount.of(image, directory)) {
      Path overlay = Files.createDirectories(directory.resolve("overlay"));
      String options =
          "redirect_dir=on,index=on,lowerdir="
              + lower.path()
              + ",upperdir="
              + directory.resolve("upper")
              + ",workdir="
              + directory.resolve("work");
      ImageTools.run("mount", "-t", "overlay", "overlay", "-o", options, overlay.toString());
      try {
        assertSame(
            overlay, expected, MODIFY_TIME, DIRECTORY_SIZE, INODE_NUMBER, LINK_COUNT, LINK_GROUPS);
      } finally {
        ImageTools.run("umount", overlay.toString());
      }
    }
  }
}
