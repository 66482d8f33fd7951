package io.strata.union;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.strata.TestData;
import io.strata.squashfs.ImageTools;
import io.strata.squashfs.SampleTree;
import io.strata.squashfs.SquashFsImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs native-tests/image/handles, which stands in for an NFS server. */
@DisplayName("File handles of a mount")
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
    handlesOf(mountPoint, what);
  }

  private static void handlesOf(Path mount, String what) throws Exception {
    String records = directory.resolve("records").toString();
    ImageTools.run(program.toString(), what, mount.toString(), records);
  }

  private static void dropCaches() throws Exception {
    Files.writeString(Path.of("/proc/sys/vm/drop_caches"), "2"); // names and inodes
  }

  private static void shell(Path where, String commands) throws Exception {
    ImageTools.run("bash", "-ec", "cd " + where + "; " + commands);
  }

  @Test
  @DisplayName("of a union outlive the kernel's memory and the mount, through every change")
  void union(@TempDir Path own) throws Exception {
    shell(
        Files.createDirectory(own.resolve("layer")),
        "mkdir -p a/b links; echo 1 > a/one; echo 2 > a/b/two; ln a/one hard; mkfifo a/fifo");
    shell(own, "mkdir top; cp -a layer/a top/c; mkdir top/a; echo 3 > top/a/three");
    Path image = ImageTools.mksquashfs(tree, own.resolve("image"), "-comp", "lz4");
    try (SquashFsImage opened = SquashFsImage.open(image)) {
      List<LowerLayer> layers =
          List.of(
              new LowerLayer.Directory(own.resolve("top")),
              new LowerLayer.Image(opened),
              new LowerLayer.Directory(own.resolve("layer")));
      try (UnionMount union = UnionMount.of(own, layers)) {
        Path mount = union.path();
        shell(mount, "mkdir new; echo new > new/file; ln new/file new/link; mkdir new/sub");
        handlesOf(mount, "save");
        shell(mount, "chmod 750 a/b; echo more >> a/three; echo more >> c/b/two; mv c new/sub");
        dropCaches();
        shell(mount, "echo more >> hard; ln a/one new/sub/c/one-more; mv new/sub/c/b moved");
        handlesOf(mount, "save");
        dropCaches();
        handlesOf(mount, "check");
      }
      try (UnionMount union = UnionMount.of(own, layers)) {
        handlesOf(union.path(), "check");
        shell(union.path(), "touch -d @1 a/one; mv links new/links; mv new moved/new");
        handlesOf(union.path(), "save");
      }
      try (UnionMount union = UnionMount.of(own, layers)) {
        handlesOf(union.path(), "check");
        shell(union.path(), "rm -rf ./*");
        handlesOf(union.path(), "stale");
        dropCaches();
        handlesOf(union.path(), "stale");
      }
      try (UnionMount union = UnionMount.of(own, layers)) {
        handlesOf(union.path(), "stale");
      }
    }
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
