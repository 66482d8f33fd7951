package io.strata.union;

import static io.strata.compare.Aspect.DIRECTORY_SIZE;
import static io.strata.compare.Aspect.INODE_NUMBER;
import static io.strata.compare.Aspect.MODIFY_TIME;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.TestData;
import io.strata.compare.TreeComparison;
import io.strata.squashfs.ImageTools;
import io.strata.squashfs.SquashFsImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("An upper whose whiteouts are files")
class UpperFormIT {
  private static final UpperForm FILES = new UpperForm(OverlayXattrs.UNPRIVILEGED, false, false);
  private static final int CHANGES = 1500;

  @TempDir Path directory;

  @ParameterizedTest(name = "takes a random history, and keeps it; seed {0}")
  @ValueSource(longs = {31, 32, 33, 34})
  void histories(long seed) throws Exception {
    TestData.needsRoot();
    TestData.needsFuse();
    Path tree = Files.createDirectories(directory.resolve("tree"));
    List<String> paths = LowerTree.make(tree);
    Path image = ImageTools.mksquashfs(tree, directory.resolve("image.sqfs"), "-comp", "zstd");
    Path copy = directory.resolve("copy");
    ImageTools.run("cp", "-a", tree.toString(), copy.toString());
    try (SquashFsImage opened = SquashFsImage.open(image)) {
      List<LowerLayer> lowers = List.of(new LowerLayer.Image(opened));
      try (UnionMount union = UnionMount.of(directory, lowers, FILES)) {
        RandomHistory history = new RandomHistory(seed, union.path(), copy, paths);
        history.run(CHANGES);
        history.close();
        assertEquals(List.of(), history.differences);
        assertSame(union.path(), copy);
      }
      assertTrue(find("-type", "f", "-empty", "-perm", "0600") > 0, "no whiteout is a file");
      assertEquals(0, find("-type", "c", "-perm", "0"), "whiteouts are devices");
      try (UnionMount union = UnionMount.of(directory, lowers)) {
        assertSame(union.path(), copy);
        ImageTools.run("sh", "-c", "rm -rf " + union.path() + "/*");
        assertEmpty(union.path());
      }
    }
    assertEmpty(directory.resolve("work/work"));
  }

  @Test
  @DisplayName("takes setuid and setgid off a file that it only shows as a device, with its owner")
  void ownersOfDevices() throws Exception {
    TestData.needsRoot();
    TestData.needsFuse();
    UpperForm shown = new UpperForm(OverlayXattrs.UNPRIVILEGED, false, true);
    Path lower = Files.createDirectories(directory.resolve("lower"));
    try (UnionMount union =
        UnionMount.of(directory, List.of(new LowerLayer.Directory(lower)), shown)) {
      String device = union.path().resolve("device").toString();
      ImageTools.run("mknod", device, "c", "1", "3");
      ImageTools.run("chmod", "6555", device);
      assertEquals(0026555, Files.getAttribute(Path.of(device), "unix:mode"));
      ImageTools.run("chown", "1:1", device);
      assertEquals(0020555, Files.getAttribute(Path.of(device), "unix:mode"));
      assertEquals(1, Files.getAttribute(Path.of(device), "unix:uid"));
    }
    assertEquals(1, find("-name", "device", "-type", "f"), "the upper has a device");
  }

  private static void assertSame(Path left, Path right) throws Exception {
    TreeComparison.Result result =
        TreeComparison.of(left, right).without(MODIFY_TIME, DIRECTORY_SIZE, INODE_NUMBER).run();
    assertEquals(List.of(), result.differences());
  }

  private static void assertEmpty(Path place) throws Exception {
    try (var left = Files.list(place)) {
      assertEquals(List.of(), left.toList());
    }
  }

  private int find(String... tests) throws Exception {
    List<String> command = new java.util.ArrayList<>(List.of("find"));
    command.add(directory.resolve("upper").toString());
    command.addAll(List.of(tests));
    Process process = new ProcessBuilder(command).start();
    int found = (int) process.inputReader().lines().count();
    assertEquals(0, process.waitFor());
    return found;
  }
}
