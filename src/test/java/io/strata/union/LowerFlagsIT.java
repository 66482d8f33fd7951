package io.strata.union;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.strata.TestData;
import io.strata.squashfs.ImageTools;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** As kernel overlayfs has it, which mounts the upper afterwards. */
@DisplayName("Flags that chattr(1) has given to files of a lower directory")
class LowerFlagsIT {
  private static final List<String> FLAGS = List.of("A", "S", "a", "i");

  @TempDir Path directory;

  private Path lower = Path.of("");

  @BeforeEach
  void build() throws Exception {
    TestData.needsRoot();
    TestData.needsFuse();
    lower = Files.createDirectory(directory.resolve("lower"));
    for (String flag : FLAGS) {
      Path file = Files.writeString(lower.resolve("file-" + flag), "lower");
      ImageTools.run("chattr", "+" + flag, file.toString());
      Path dir = Files.createDirectory(lower.resolve("dir-" + flag));
      Files.writeString(dir.resolve("file"), "lower");
      ImageTools.run("chattr", "+" + flag, dir.toString());
    }
  }

  /** Else nobody could remove them. */
  @AfterEach
  void unprotect() throws Exception {
    ImageTools.run("chattr", "-R", "-f", "-ai", lower.toString());
  }

  private UnionMount union() throws Exception {
    return UnionMount.of(directory, List.of(new LowerLayer.Directory(lower)));
  }

  private static String flags(Path file) throws Exception {
    Process lsattr = new ProcessBuilder("lsattr", "-d", file.toString()).start();
    String shown = new String(lsattr.getInputStream().readAllBytes(), UTF_8);
    return shown.split(" ", 2)[0].replaceAll("[^ASai]", "");
  }

  private static void refused(Executable change) {
    FileSystemException e = assertThrows(FileSystemException.class, change);
    assertEquals("Operation not permitted", e.getReason());
  }

  @Test
  @DisplayName("are shown and hold, also of their copies and after a remount")
  void lowerFlags() throws Exception {
    try (UnionMount union = union()) {
      assertAllShown(union.path());
      assertProtected(union.path());
      Files.writeString(union.path().resolve("file-A"), "changed");
      Files.writeString(union.path().resolve("file-S"), "changed");
      append(union.path().resolve("file-a"));
      Files.writeString(union.path().resolve("dir-a/new"), "new");
      Files.writeString(union.path().resolve("dir-i/file"), "changed"); // copies up its directory
      assertAllShown(union.path());
    }
    assertEquals("A", flags(directory.resolve("upper/file-A")));
    assertEquals("", flags(directory.resolve("upper/file-a")));
    try (UnionMount union = union()) {
      assertAllShown(union.path());
      assertProtected(union.path());
    }
    String options = "redirect_dir=on,metacopy=on";
    try (PeerMount peer = PeerMount.kernel(directory, List.of(lower), options)) {
      assertAllShown(peer.path());
      assertProtected(peer.path());
    }
  }

  @Test
  @DisplayName("can be taken away, which copies the file up")
  void takenAway() throws Exception {
    try (UnionMount union = union()) {
      Path fixed = union.path().resolve("file-i");
      Path shut = union.path().resolve("dir-i");
      ImageTools.run("chattr", "-i", fixed.toString(), shut.toString());
      Files.writeString(fixed, "changed");
      Files.delete(shut.resolve("file"));
      Files.delete(shut);
      assertEquals("", flags(fixed));
    }
    assertEquals("i", flags(lower.resolve("file-i")));
  }

  @Test
  @DisplayName("keep a directory from being removed before it is asked what it holds")
  void directories() throws Exception {
    try (UnionMount union = union()) {
      refused(() -> Files.delete(union.path().resolve("dir-i")));
      Path own = Files.createDirectories(union.path().resolve("own/sub")).getParent();
      ImageTools.run("chattr", "+i", requireNonNull(own).toString());
      refused(() -> Files.delete(own));
      ImageTools.run("chattr", "-i", own.toString());
    }
  }

  private static void append(Path file) throws Exception {
    Files.writeString(file, " and more", StandardOpenOption.APPEND);
  }

  private static void assertAllShown(Path root) throws Exception {
    for (String flag : FLAGS) {
      assertEquals(flag, flags(root.resolve("file-" + flag)));
      assertEquals(flag, flags(root.resolve("dir-" + flag)));
    }
  }

  private static void assertProtected(Path root) {
    for (String flag : List.of("a", "i")) {
      Path file = root.resolve("file-" + flag);
      refused(() -> Files.writeString(file, "changed"));
      refused(() -> Files.delete(file));
      refused(() -> Files.createLink(root.resolve("link"), file));
      refused(() -> Files.move(file, root.resolve("moved")));
      refused(() -> Files.setAttribute(file, "unix:mode", 0600));
      refused(() -> Files.delete(root.resolve("dir-" + flag + "/file")));
    }
    refused(() -> append(root.resolve("file-i")));
    refused(() -> Files.writeString(root.resolve("dir-i/other"), "new"));
  }
}
