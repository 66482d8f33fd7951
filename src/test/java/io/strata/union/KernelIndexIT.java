package io.strata.union;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.strata.TestData;
import io.strata.squashfs.ImageTools;
import io.strata.squashfs.ImageTools.KernelMount;
import io.strata.squashfs.SquashFsImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kernel overlayfs counts the names of such files from the upper or from the lower file on. */
@DisplayName("Lower files of several names, copied up here or by kernel overlayfs with index=on,")
class KernelIndexIT {
  @TempDir Path directory;

  private Path image = Path.of("");

  @BeforeEach
  void build() throws Exception {
    TestData.needsRoot();
    TestData.needsFuse();
    Path tree = Files.createDirectory(directory.resolve("tree"));
    Files.createDirectory(tree.resolve("d"));
    for (String file : List.of("x", "y")) {
      Files.writeString(tree.resolve(file + 1), "content");
      for (String name : List.of(file + 2, file + 3, "d/" + file)) {
        Files.createLink(tree.resolve(name), tree.resolve(file + 1));
      }
    }
    image = ImageTools.mksquashfs(tree, directory.resolve("image.sqfs"));
  }

  private PeerMount kernel(Path... lowers) throws Exception {
    return PeerMount.kernel(directory, List.of(lowers), "redirect_dir=on,metacopy=on,index=on");
  }

  private static void append(Path file) throws Exception {
    Files.writeString(file, "!", StandardOpenOption.APPEND);
  }

  private static void assertNames(Path root, String content, int links, String... names)
      throws Exception {
    for (String name : names) {
      assertEquals(content, Files.readString(root.resolve(name)), name);
      assertEquals(links, Files.getAttribute(root.resolve(name), "unix:nlink"), name);
    }
  }

  private static Object number(Path file) throws Exception {
    return Files.getAttribute(file, "unix:ino");
  }

  /** What it writes before it links one more name, and what stays if it is cut off then. */
  private void countFromLower(String name) throws Exception {
    String file = directory.resolve("upper").resolve(name).toString();
    ImageTools.run("setfattr", "-n", "trusted.overlay.nlink", "-v", "L+0", file);
  }

  @Test
  @DisplayName("of a directory are the same file under all names, changed or not, with its number")
  void directories() throws Exception {
    Path lower = directory.resolve("tree");
    Object number = Files.getAttribute(lower.resolve("x1"), "unix:ino");
    try (PeerMount peer = kernel(lower)) {
      append(peer.path().resolve("x1"));
      append(peer.path().resolve("x2"));
      append(peer.path().resolve("d/y"));
      Files.delete(peer.path().resolve("y1"));
    }
    try (UnionMount union = UnionMount.of(directory, List.of(new LowerLayer.Directory(lower)))) {
      Path root = union.path();
      assertNames(root, "content!!", 4, "x3", "x1", "x2", "d/x");
      assertNames(root, "content!", 3, "y2", "y3", "d/y");
      assertEquals(number, Files.getAttribute(root.resolve("x3"), "unix:ino"));
      append(root.resolve("x3"));
      Files.delete(root.resolve("x1"));
      append(root.resolve("y2"));
    }
    try (PeerMount peer = kernel(lower)) {
      assertNames(peer.path(), "content!!!", 3, "x2", "x3", "d/x");
      assertNames(peer.path(), "content!!", 3, "y2", "y3", "d/y");
    }
  }

  @Test
  @DisplayName("of a directory are found where Strata has copied them up, and by Strata again")
  void directoriesOfOurs() throws Exception {
    Path lower = directory.resolve("tree");
    List<LowerLayer> layers = List.of(new LowerLayer.Directory(lower));
    Object number = Files.getAttribute(lower.resolve("y1"), "unix:ino");
    try (UnionMount union = UnionMount.of(directory, layers)) {
      append(union.path().resolve("x1"));
      Files.delete(union.path().resolve("x2"));
      append(union.path().resolve("y1"));
    }
    try (PeerMount peer = kernel(lower)) {
      Path root = peer.path();
      assertNames(root, "content!", 3, "x1", "x3", "d/x");
      append(root.resolve("d/y"));
      Files.createLink(root.resolve("y4"), root.resolve("y2"));
      for (String name : List.of("y1", "y2", "y3")) {
        Files.delete(root.resolve(name));
      }
    }
    try (UnionMount union = UnionMount.of(directory, layers)) {
      assertNames(union.path(), "content!!", 2, "y4", "d/y"); // both in the upper
      assertEquals(number, Files.getAttribute(union.path().resolve("y4"), "unix:ino"));
      assertNames(union.path(), "content!", 3, "x3", "d/x", "x1");
    }
  }

  @Test
  @DisplayName("of two directories on one file system are found, also with names in both")
  void twoDirectories() throws Exception {
    Path lower = directory.resolve("tree");
    Path above = Files.createDirectory(directory.resolve("above"));
    Files.writeString(above.resolve("p1"), "above");
    Files.createLink(above.resolve("p2"), above.resolve("p1"));
    Files.createLink(above.resolve("z"), lower.resolve("x1"));
    List<LowerLayer> layers =
        List.of(new LowerLayer.Directory(above), new LowerLayer.Directory(lower));
    Object x;
    Object p;
    try (UnionMount union = UnionMount.of(directory, layers)) {
      x = number(union.path().resolve("z"));
      p = number(union.path().resolve("p1"));
      append(union.path().resolve("z"));
      append(union.path().resolve("p1"));
      assertNames(union.path(), "content!", 5, "z", "x1", "x2", "d/x");
    }
    try (PeerMount peer = kernel(above, lower)) {
      assertNames(peer.path(), "content!", 5, "z", "x1", "x2", "d/x");
      assertNames(peer.path(), "above!", 2, "p1", "p2");
      append(peer.path().resolve("x3"));
      append(peer.path().resolve("y1"));
      Files.move(peer.path().resolve("p2"), peer.path().resolve("d/moved"));
      Files.move(peer.path().resolve("y1"), peer.path().resolve("d/y1"));
    }
    try (UnionMount union = UnionMount.of(directory, layers)) {
      Path root = union.path();
      assertNames(root, "content!!", 5, "z", "x1", "x2", "d/x");
      assertNames(root, "content!", 4, "y2", "d/y1", "y3", "d/y");
      assertNames(root, "above!", 2, "p1", "d/moved");
      assertEquals(x, number(root.resolve("x2")));
      assertEquals(p, number(root.resolve("d/moved")));
      assertEquals(number(root.resolve("y2")), number(root.resolve("d/y1")));
    }
  }

  @Test
  @DisplayName("of an image above a directory are found; what is of the directory is no image's")
  void imageAndDirectory() throws Exception {
    Path small = Files.createDirectory(directory.resolve("small"));
    ImageTools.run("mount", "-t", "tmpfs", "none", small.toString()); // numbers as of an image
    try (SquashFsImage opened = SquashFsImage.open(image);
        KernelMount lower = KernelMount.of(image, directory)) {
      for (int i = 0; i < 20; i++) {
        Files.writeString(small.resolve("s" + i), "small");
      }
      List<LowerLayer> layers =
          List.of(new LowerLayer.Image(opened), new LowerLayer.Directory(small));
      try (UnionMount union = UnionMount.of(directory, layers)) {
        for (int i = 0; i < 20; i++) {
          append(union.path().resolve("s" + i));
        }
        append(union.path().resolve("x1"));
      }
      try (PeerMount peer = kernel(lower.path(), small)) {
        for (int i = 0; i < 20; i++) {
          assertNames(peer.path(), "small!", 1, "s" + i);
        }
        assertNames(peer.path(), "content!", 4, "x1", "x3", "d/x");
        append(peer.path().resolve("y1"));
      }
      try (UnionMount union = UnionMount.of(directory, layers)) {
        assertNames(union.path(), "content!", 4, "y1", "y3", "d/y", "x1", "x2");
        assertNames(union.path(), "small!", 1, "s3");
      }
    } finally {
      ImageTools.run("umount", small.toString());
    }
  }

  @Test
  @DisplayName("have as many names as before, and lose and get them one by one")
  void counts() throws Exception {
    try (KernelMount lower = KernelMount.of(image, directory);
        PeerMount peer = kernel(lower.path())) {
      append(peer.path().resolve("x1"));
      append(peer.path().resolve("x2")); // this name joins what is in the index
      append(peer.path().resolve("y1"));
      append(peer.path().resolve("y2"));
      Files.move(peer.path().resolve("d"), peer.path().resolve("e"));
      Files.move(peer.path().resolve("y1"), peer.path().resolve("e/y1"));
      append(peer.path().resolve("y3"));
    }
    countFromLower("x2");
    countFromLower("e/y1"); // which has no such name below
    try (SquashFsImage opened = SquashFsImage.open(image);
        UnionMount union = UnionMount.of(directory, List.of(new LowerLayer.Image(opened)))) {
      Path root = union.path();
      assertNames(root, "content!!", 4, "x1", "x2", "x3", "e/x");
      assertNames(root, "content!!!", 4, "e/y1", "y2", "y3", "e/y");
      Files.delete(root.resolve("x1"));
      Files.createLink(root.resolve("e/more"), root.resolve("y3"));
      Files.delete(root.resolve("x3"));
      assertNames(root, "content!!", 2, "x2", "e/x");
      assertNames(root, "content!!!", 5, "e/y1", "y2", "y3", "e/y", "e/more");
    }
    try (KernelMount lower = KernelMount.of(image, directory);
        PeerMount peer = kernel(lower.path())) {
      assertNames(peer.path(), "content!!", 2, "x2", "e/x");
      assertNames(peer.path(), "content!!!", 5, "e/y1", "y2", "y3", "e/y", "e/more");
    }
  }
}
