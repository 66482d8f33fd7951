package io.strata.union;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.TestData;
import io.strata.posix.NameCalls;
import io.strata.posix.Posix;
import io.strata.squashfs.ImageTools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("An upper whose file system keeps no times of birth")
class BirthlessIT {
  @TempDir Path directory;

  private Path disk = Path.of("");

  @BeforeEach
  void build() throws Exception {
    TestData.needsRoot();
    TestData.needsFuse();
    String file = directory.resolve("disk.ext4").toString();
    ImageTools.run("truncate", "-s", "16M", file);
    ImageTools.run("mkfs.ext4", "-q", "-I", "128", file);
    disk = Files.createDirectory(directory.resolve("disk"));
    ImageTools.run("mount", "-o", "loop", file, disk.toString());
    Files.createDirectory(disk.resolve("lower"));
  }

  @AfterEach
  void unmount() throws Exception {
    ImageTools.run("umount", disk.toString());
  }

  private UnionMount union() throws Exception {
    return UnionMount.of(disk, List.of(new LowerLayer.Directory(disk.resolve("lower"))));
  }

  private static byte[] handle(Path file) throws Exception {
    return Posix.system().names().handle(NameCalls.AT_FDCWD, file.toString().getBytes(UTF_8));
  }

  /** A byte for the type, and eight for the node. */
  private static byte[] node(byte[] handle) {
    return Arrays.copyOf(handle, 9);
  }

  @Test
  @DisplayName("has other handles for a file that gets the inode number of a removed one")
  void generations() throws Exception {
    byte[] second;
    try (UnionMount union = union()) {
      Path file = union.path().resolve("file");
      Files.writeString(file, "one");
      byte[] first = handle(file);
      Files.delete(file);
      int tries = 0;
      do { // until the number is free again
        assertTrue(tries++ < 1000, "the number never comes back");
        Files.deleteIfExists(file);
        Files.writeString(file, "two");
        second = handle(file);
      } while (!Arrays.equals(node(first), node(second)));
      assertEquals(first.length, second.length);
      assertFalse(Arrays.equals(first, second), "the same handle");
    }
    try (UnionMount union = union()) {
      assertArrayEquals(second, handle(union.path().resolve("file")));
    }
  }
}
