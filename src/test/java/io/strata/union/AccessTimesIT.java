package io.strata.union;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.TestData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The time of access of a directory")
class AccessTimesIT {
  private static final FileTime EARLY = FileTime.fromMillis(5000);

  @TempDir Path directory;

  @Test
  @DisplayName("is left alone by the server, and set for who reads the directory as it is below")
  void directories() throws Exception {
    TestData.needsRoot();
    TestData.needsFuse();
    Path lower = directory.resolve("lower");
    Files.createDirectories(lower.resolve("dir/sub"));
    setAccess(lower.resolve("dir"));
    try (UnionMount union =
        UnionMount.of(directory, List.of(new LowerLayer.Directory(lower.toAbsolutePath())))) {
      Path dir = union.path().resolve("dir");
      setAccess(dir); // copies it up, and counts its subdirectories
      assertTrue(Files.isDirectory(dir.resolve("sub")));
      assertEquals(EARLY, access(directory.resolve("upper/dir")));
      assertEquals(EARLY, access(dir));
      assertEquals(isSetByReading(directory), isSetByReading(union.path()));
    }
    assertEquals(EARLY, access(lower.resolve("dir")));
  }

  /** Whether it moves in a directory {@code dir}, which is made unless it is there. */
  private static boolean isSetByReading(Path parent) throws IOException {
    Path dir = Files.createDirectories(parent.resolve("dir"));
    setAccess(dir);
    try (var names = Files.list(dir)) {
      assertTrue(names.count() < 2);
    }
    return !access(dir).equals(EARLY);
  }

  private static void setAccess(Path path) throws IOException {
    Files.getFileAttributeView(path, BasicFileAttributeView.class).setTimes(null, EARLY, null);
  }

  private static FileTime access(Path path) throws IOException {
    return (FileTime) Files.getAttribute(path, "lastAccessTime", LinkOption.NOFOLLOW_LINKS);
  }
}
