package io.strata.union;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.strata.TestData;
import io.strata.squashfs.ImageTools;
import io.strata.squashfs.SampleTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs native-tests/image/handles, which stands in for an NFS server. */
@DisplayName("File handles of a mounted image")
class FileHandlesIT {
  @TempDir static Path directory;
  private static Path tree = Path.of("");
  private static Path program = Path.of("");
  private static Path mountPoint = Path.of("");

  @BeforeAll
  static void build() throws Exception {
    TestData.needsRoot();
    TestData.needsFuse();
    program = directory.resolve("handles");
    ImageTools.run("make", "-s", "-C", "native-tests/image", "BUILD=" + directory);
    tree = SampleTree.make(directory.resolve("tree"));
    mountPoint = Files.createDirectory(directory.resolve("mnt"));
  }

  private static void handles(String what) throws Exception {
    String records = directory.resolve("records").toString();
    ImageTools.run(program.toString(), what, mountPoint.toString(), records);
  }

  private static void dropCaches() throws Exception {
    Files.writeString(Path.of("/proc/sys/vm/drop_caches"), "2"); // names and inodes
  }

  @ParameterizedTest(name = "mksquashfs {0}")
  @DisplayName(
      "outlive the kernel's memory and the mount, lead to no other file, and fail if made up")
  @ValueSource(strings = {"-comp lz4", "-comp lz4 -no-exports -b 4K"})
  void handles(String options, @TempDir Path own) throws Exception {
    Path image = ImageTools.mksquashfs(tree, own.resolve("image"), options.split(" "));
    try (ImageMount mount = ImageMount.of(image, mountPoint)) {
      handles("save");
      handles("check");
      dropCaches();
      handles("check");
      handles("forged");
      assertEquals(List.of(), mount.damage());
    }
    try (ImageMount mount = ImageMount.of(image, mountPoint)) {
      handles("forged");
      handles("check");
      assertEquals(List.of(), mount.damage());
    }
    Path other = ImageTools.mksquashfs(tree.resolve("links"), own.resolve("other"));
    try (ImageMount mount = ImageMount.of(other, mountPoint)) {
      handles("stale");
      assertEquals(List.of(), mount.damage());
    }
  }
}
