package io.strata.union;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.strata.TestData;
import io.strata.squashfs.ImageTools;
import io.strata.squashfs.SquashFsImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two images in which other files have the same inode numbers, one after the other. */
@DisplayName("An upper over another image than before")
class OtherLayerIT {
  @TempDir Path directory;

  private Path before;
  private Path after;

  @BeforeEach
  void build() throws Exception {
    TestData.needsRoot();
    TestData.needsFuse();
    before = image("before", "old");
    after = image("after", "new");
  }

  /** A file of two names and one of one name; their numbers follow from the order of names. */
  private Path image(String name, String content) throws Exception {
    Path tree = Files.createDirectory(directory.resolve(name));
    Files.writeString(tree.resolve(content + "1"), content);
    Files.createLink(tree.resolve(content + "2"), tree.resolve(content + "1"));
    Files.writeString(tree.resolve(content + "3"), content);
    Files.writeString(tree.resolve("z" + content), name);
    return ImageTools.mksquashfs(tree, directory.resolve(name + ".sqfs"));
  }

  /** What is done to a mount. */
  private interface Use {
    void of(Path mount) throws Exception;
  }

  private void mounted(Path image, Use use) throws Exception {
    try (SquashFsImage opened = SquashFsImage.open(image);
        UnionMount union = UnionMount.of(directory, List.of(new LowerLayer.Image(opened)))) {
      use.of(union.path());
    }
  }

  private static Object inode(Path path) throws Exception {
    return Files.getAttribute(path, "unix:ino");
  }

  private static void append(Path path) throws Exception {
    Files.writeString(path, " changed", StandardOpenOption.APPEND);
  }

  @Test
  @DisplayName("takes no file for one that had its inode number in the other image")
  void numbers() throws Exception {
    mounted(
        before,
        mount -> {
          append(mount.resolve("old1"));
          append(mount.resolve("old3"));
        });
    mounted(
        after,
        mount -> {
          assertEquals("new", Files.readString(mount.resolve("new1")));
          assertNotEquals(inode(mount.resolve("old3")), inode(mount.resolve("new3")));
          append(mount.resolve("new2"));
          append(mount.resolve("new3"));
          assertEquals("new changed", Files.readString(mount.resolve("new1")));
        });
    mounted(
        after,
        mount -> {
          assertEquals("old changed", Files.readString(mount.resolve("old1")));
          assertEquals("old changed", Files.readString(mount.resolve("old3")));
          assertEquals("new changed", Files.readString(mount.resolve("new1")));
          assertEquals("new changed", Files.readString(mount.resolve("new3")));
          assertEquals(2, Files.getAttribute(mount.resolve("new1"), "unix:nlink"));
          assertEquals(1, Files.getAttribute(mount.resolve("old1"), "unix:nlink"));
          assertEquals(inode(mount.resolve("new1")), inode(mount.resolve("new2")));
        });
  }
}
