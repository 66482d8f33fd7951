package io.strata.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A comparison of two trees")
class TreeComparisonTest {
  @TempDir Path temp;
  private Path left;
  private Path right;

  @BeforeEach
  void makeEqualTrees() throws IOException {
    left = makeTree("left");
    right = makeTree("right");
  }

  private Path makeTree(String name) throws IOException {
    Path root = Files.createDirectory(temp.resolve(name));
    Path directory = Files.createDirectory(root.resolve("d"));
    Path file = Files.writeString(directory.resolve("file"), "content");
    Files.createLink(root.resolve("again"), file);
    Files.writeString(root.resolve("other"), "content");
    Files.createSymbolicLink(root.resolve("link"), Path.of("d/file"));
    for (Path path : List.of(file, root.resolve("other"), directory, root)) {
      Files.setLastModifiedTime(path, FileTime.fromMillis(1234567890123L));
    }
    return root;
  }

  private List<String> differences() throws IOException {
    return TreeComparison.of(left, right)
        .without(Aspect.INODE_NUMBER, Aspect.MODIFY_TIME)
        .run()
        .differences();
  }

  @Test
  @DisplayName("finds no difference between equal trees, and counts what it saw")
  void equal() throws IOException {
    TreeComparison.Result result =
        TreeComparison.of(left, right).without(Aspect.INODE_NUMBER, Aspect.MODIFY_TIME).run();
    assertEquals(List.of(), result.differences());
    assertEquals(6, result.entries()); // root, again, d, d/file, link, other
    assertEquals(3 * 7, result.bytes());
  }

  @Test
  @DisplayName("finds a changed byte")
  void content() throws IOException {
    Files.writeString(right.resolve("other"), "contend");
    assertEquals(List.of("/other: bytes from 6 on"), differences());
  }

  @Test
  @DisplayName("finds a name that one tree lacks")
  void names() throws IOException {
    Files.createDirectory(left.resolve("more"));
    assertEquals(1, differences().stream().filter(d -> d.startsWith("/more: only in")).count());
  }

  @Test
  @DisplayName("finds another target of a symbolic link")
  void target() throws IOException {
    Files.delete(right.resolve("link"));
    Files.createSymbolicLink(right.resolve("link"), Path.of("d/fill"));
    assertEquals(List.of("/link: targets d/file and d/fill"), differences());
  }

  @Test
  @DisplayName("finds names that are hard links in one tree and not in the other")
  void groups() throws IOException {
    Files.delete(right.resolve("again"));
    Files.createLink(right.resolve("again"), right.resolve("other"));
    assertFalse(differences().isEmpty());
  }

  @Test
  @DisplayName("finds a changed time and a changed mode")
  void attributes() throws IOException {
    Files.setLastModifiedTime(right.resolve("other"), FileTime.fromMillis(1234567890124L));
    Files.setPosixFilePermissions(right.resolve("d"), java.util.Set.of());
    List<String> found =
        TreeComparison.of(left, right).without(Aspect.INODE_NUMBER).run().differences();
    assertEquals(1, found.stream().filter(d -> d.startsWith("/other: times")).count());
    assertEquals(1, found.stream().filter(d -> d.startsWith("/d: modes")).count());
  }
}
