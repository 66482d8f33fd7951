package io.strata.union;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.strata.TestData;
import io.strata.squashfs.ImageTools;
import io.strata.squashfs.SquashFsImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Leaves an upper behind as a server would that is killed between two of its calls. */
@DisplayName("A lower file of several names, when the server was killed while it was copied up")
class LinkCrashIT {
  private static final String NAMES = "trusted.overlay.strata.names";
  private static final String DIFFERENCE = "trusted.overlay.nlink";

  @TempDir Path directory;

  private Path image = Path.of("");

  @BeforeEach
  void build() throws Exception {
    TestData.needsRoot();
    TestData.needsFuse();
    Path tree = Files.createDirectory(directory.resolve("tree"));
    Files.writeString(tree.resolve("first"), "content");
    Files.createLink(tree.resolve("second"), tree.resolve("first"));
    image = ImageTools.mksquashfs(tree, directory.resolve("image.sqfs"));
  }

  /** What is done while it is mounted. */
  private interface Use {
    void of(Path mount) throws Exception;
  }

  private void mounted(Use use) throws Exception {
    try (SquashFsImage opened = SquashFsImage.open(image);
        UnionMount union = UnionMount.of(directory, List.of(new LowerLayer.Image(opened)))) {
      use.of(union.path());
    }
  }

  private static int links(Path file) throws Exception {
    return (Integer) Files.getAttribute(file, "unix:nlink");
  }

  private Path indexed() throws Exception {
    try (var entries = Files.list(directory.resolve("work/index"))) {
      return entries.findFirst().orElseThrow();
    }
  }

  private void appendToFirst(Path mount) throws Exception {
    Files.writeString(mount.resolve("first"), "!", java.nio.file.StandardOpenOption.APPEND);
  }

  @Test
  @DisplayName("has its names again, whichever of them the copy got, and their number")
  void betweenLinks() throws Exception {
    mounted(this::appendToFirst);
    Files.delete(directory.resolve("upper/first")); // not linked yet, but announced
    ImageTools.run("setfattr", "-n", NAMES, "-v", "2", indexed().toString());
    for (int time = 0; time < 2; time++) {
      mounted(
          mount -> {
            assertEquals("content!", Files.readString(mount.resolve("first")));
            assertEquals("content!", Files.readString(mount.resolve("second")));
            assertEquals(2, links(mount.resolve("second")));
            assertEquals(2, links(mount.resolve("first")));
          });
    }
    mounted(mount -> Files.delete(mount.resolve("first")));
    mounted(mount -> assertEquals(1, links(mount.resolve("second"))));
  }

  @Test
  @DisplayName("is a file of its own when the work directory was lost, and with it the index")
  void withoutIndex() throws Exception {
    mounted(this::appendToFirst);
    ImageTools.run("rm", "-r", directory.resolve("work").toString());
    mounted(
        mount -> {
          assertEquals("content!", Files.readString(mount.resolve("first")));
          assertEquals("content", Files.readString(mount.resolve("second")));
          assertEquals(1, links(mount.resolve("first")));
          assertNotEquals(inode(mount.resolve("second")), inode(mount.resolve("first")));
        });
  }

  private static Object inode(Path file) throws Exception {
    return Files.getAttribute(file, "unix:ino");
  }

  @Test
  @DisplayName("is gone from the index too, when its last name went just before")
  void lastName() throws Exception {
    mounted(this::appendToFirst);
    Path kept = directory.resolve("kept");
    ImageTools.run("cp", "-a", indexed().toString(), kept.toString());
    Path name = directory.resolve("work/index").resolve(indexed().getFileName());
    mounted(
        mount -> {
          Files.delete(mount.resolve("first"));
          Files.delete(mount.resolve("second"));
        });
    assertFalse(Files.exists(name), "the index has it still");
    Files.move(kept, name); // as it was before the server's last call
    ImageTools.run("setfattr", "-n", DIFFERENCE, "-v", "U-1", name.toString());
    mounted(mount -> assertFalse(Files.exists(mount.resolve("first"))));
    assertFalse(Files.exists(name), "an orphan stays in the index");
  }
}
