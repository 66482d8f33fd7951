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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("An upper that several unions write and read")
class PeersIT {
  private static final int CHANGES = 1000;
  private static final int LARGE = 400_000;

  @TempDir Path directory;

  private final List<String> paths = new ArrayList<>();
  private Path image = Path.of("");

  /** Somebody who mounts the layers. */
  private enum Peer {
    /** With all that overlayfs has. */
    KERNEL("redirect_dir=on,metacopy=on,index=on", true, true),
    /** Without the index, lower hard links break at copy-up. */
    KERNEL_WITHOUT_INDEX("redirect_dir=on,metacopy=on,index=off", true, false),
    /** As it is mounted when nobody asks for more. */
    KERNEL_BY_DEFAULT("redirect_dir=nofollow,metacopy=off,index=off", false, false),
    /** Knows neither redirect, metacopy nor index. */
    FUSE_OVERLAYFS("noacl", false, false);

    private final String options;
    private final boolean redirects;
    private final boolean index;

    Peer(String options, boolean redirects, boolean index) {
      this.options = options;
      this.redirects = redirects;
      this.index = index;
    }

    PeerMount mount(Path directory, Path lower) throws IOException, InterruptedException {
      List<Path> lowers = List.of(lower);
      return this == FUSE_OVERLAYFS
          ? PeerMount.fuse(directory, lowers, options)
          : PeerMount.kernel(directory, lowers, options);
    }
  }

  @BeforeEach
  void programs() {
    TestData.needsRoot();
    TestData.needsFuse();
    ImageTools.needs("fuse-overlayfs");
  }

  private void build(Peer peer) throws Exception {
    Path tree = Files.createDirectories(directory.resolve("tree"));
    paths.addAll(LowerTree.make(tree));
    for (String name : List.of("large", "a/large", "d/e/large")) {
      if (peer.redirects) {
        Files.write(tree.resolve(name), new byte[LARGE]);
        Files.writeString(tree.resolve(name), name, StandardOpenOption.APPEND);
        paths.add(name);
      }
    }
    if (!peer.index) {
      for (String name : List.of("hard", "d/hard", "d/e/other")) {
        Files.delete(tree.resolve(name));
      }
    }
    image = ImageTools.mksquashfs(tree, directory.resolve("image.sqfs"), "-comp", "zstd");
  }

  private Path remember(Path mount) throws Exception {
    Path copy = directory.resolve("remembered");
    ImageTools.run("rm", "-rf", copy.toString());
    ImageTools.run("cp", "-a", mount.toString(), copy.toString());
    return copy;
  }

  /**
   * Kernel overlayfs counts links its own way, and without an index gives the names of a copied-up
   * file different inode numbers; fuse-overlayfs remembers times of directories.
   */
  private static void assertSame(Path left, Path right, Peer peer) throws Exception {
    Aspect own = peer == Peer.FUSE_OVERLAYFS ? MODIFY_TIME : LINK_GROUPS;
    TreeComparison.Result result =
        TreeComparison.of(left, right).without(DIRECTORY_SIZE, INODE_NUMBER, LINK_COUNT, own).run();
    assertEquals(List.of(), result.differences(), peer.toString());
  }

  private void change(long seed, Path mount, Peer peer) throws Exception {
    RandomHistory history = new RandomHistory(seed, List.of(mount), paths);
    if (!peer.redirects) {
      history.withoutMovingDirectories();
    }
    history.run(CHANGES);
    history.close();
  }

  @ParameterizedTest(name = "Strata writes, {0} reads and writes, Strata reads; seed {1}")
  @CsvSource({
    "KERNEL, 41",
    "KERNEL, 42",
    "KERNEL_WITHOUT_INDEX, 43",
    "KERNEL_BY_DEFAULT, 44",
    "FUSE_OVERLAYFS, 45",
    "FUSE_OVERLAYFS, 46"
  })
  void strataFirst(Peer peer, long seed) throws Exception {
    build(peer);
    try (SquashFsImage opened = SquashFsImage.open(image);
        KernelMount lower = KernelMount.of(image, directory)) {
      strata(opened, seed, peer);
      Path copy = directory.resolve("remembered");
      try (PeerMount mount = peer.mount(directory, lower.path())) {
        assertSame(mount.path(), copy, peer);
        change(seed + 100, mount.path(), peer);
        remember(mount.path());
      }
      strata(opened, seed + 200, peer);
      try (PeerMount mount = peer.mount(directory, lower.path())) {
        assertSame(mount.path(), copy, peer);
      }
    }
  }

  @ParameterizedTest(name = "{0} writes, Strata reads and writes, {0} reads; seed {1}")
  @CsvSource({
    "KERNEL, 51",
    "KERNEL, 52",
    "KERNEL_WITHOUT_INDEX, 53",
    "KERNEL_BY_DEFAULT, 54",
    "FUSE_OVERLAYFS, 55",
    "FUSE_OVERLAYFS, 56"
  })
  void peerFirst(Peer peer, long seed) throws Exception {
    build(peer);
    try (SquashFsImage opened = SquashFsImage.open(image);
        KernelMount lower = KernelMount.of(image, directory)) {
      try (PeerMount mount = peer.mount(directory, lower.path())) {
        change(seed, mount.path(), peer);
        remember(mount.path());
      }
      strata(opened, seed + 100, peer);
      try (PeerMount mount = peer.mount(directory, lower.path())) {
        assertSame(mount.path(), directory.resolve("remembered"), peer);
      }
    }
  }

  /** Mounts with Strata: what is remembered is there; then works on, and remembers that. */
  private void strata(SquashFsImage opened, long seed, Peer peer) throws Exception {
    List<LowerLayer> lowers = List.of(new LowerLayer.Image(opened));
    try (UnionMount union = UnionMount.of(directory, lowers)) {
      if (Files.exists(directory.resolve("remembered"))) {
        assertSame(union.path(), directory.resolve("remembered"), peer);
      }
      change(seed, union.path(), peer);
      remember(union.path());
    }
    try (UnionMount union = UnionMount.of(directory, lowers)) {
      assertSame(union.path(), directory.resolve("remembered"), peer);
    }
  }
}
