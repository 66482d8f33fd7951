package io.strata.squashfs.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.strata.squashfs.ImageTools;
import io.strata.squashfs.SquashFsImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A path in an image")
class PathResolverTest {
  @TempDir static Path directory;
  private static Path file = Path.of("");

  @BeforeAll
  static void makeImage() throws Exception {
    Path tree = directory.resolve("tree");
    Files.createDirectories(tree.resolve("a/b"));
    Files.writeString(tree.resolve("a/b/f"), "f");
    Files.createSymbolicLink(tree.resolve("abs"), Path.of("/a/b"));
    Files.createSymbolicLink(tree.resolve("a/rel"), Path.of("../a/./b"));
    Files.createSymbolicLink(tree.resolve("out"), Path.of("../../../../../a/b/f"));
    Files.createSymbolicLink(tree.resolve("secret"), Path.of("/etc/hostname"));
    Files.createSymbolicLink(tree.resolve("loop"), Path.of("loop/x"));
    file = ImageTools.mksquashfs(tree, directory.resolve("image"));
  }

  @Test
  @DisplayName("is found with and without slashes around, dots and names twice up")
  void plain() throws Exception {
    assertEquals("a/b/f", resolve("a/b/f", false));
    assertEquals("a/b/f", resolve("//a/./b//f", false));
    assertEquals("a/b", resolve("a/b/", false));
    assertEquals("a/b/f", resolve("../../a/b/../b/f", false));
    assertEquals(".", resolve("/", false));
    assertEquals(".", resolve("", false));
  }

  @Test
  @DisplayName("follows links inside the image: an absolute one begins at the image's root")
  void links() throws Exception {
    assertEquals("a/b/f", resolve("abs/f", false));
    assertEquals("a/b/f", resolve("a/rel/f", false));
    assertEquals("abs", resolve("abs", false));
    assertEquals("a/b", resolve("abs", true));
    assertEquals("a/b", resolve("abs/", false));
    assertEquals("a/b/f", resolve("out", true));
  }

  @Test
  @DisplayName("never leads out: to a file of this system, or round and round")
  void outside() {
    assertThrows(NoSuchFileException.class, () -> resolve("secret", true));
    FileSystemException e = assertThrows(FileSystemException.class, () -> resolve("loop", true));
    assertEquals("too many levels of symbolic links", e.getReason());
  }

  @Test
  @DisplayName("that is not there, or goes on behind a file, is said to be so")
  void missing() {
    assertThrows(NoSuchFileException.class, () -> resolve("a/nothing", false));
    assertThrows(NotDirectoryException.class, () -> resolve("a/b/f/g", false));
    assertThrows(NotDirectoryException.class, () -> resolve("a/b/f/", false));
  }

  private static String resolve(String path, boolean follow) throws IOException {
    try (SquashFsImage image = SquashFsImage.open(file)) {
      byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
      return new PathResolver(image).resolve(bytes, follow).path().toString();
    }
  }
}
