package io.strata.union;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import org.junit.jupiter.api.io.TempDir;

/** It keeps the flags i and a of such files in overlay.protattr, and none on the files. */
@DisplayName("Files that kernel overlayfs has copied up for chattr(1)")
class ProtectionIT {
  @TempDir Path directory;

  private Path lower = Path.of("");

  @BeforeEach
  void build() throws Exception {
    TestData.needsRoot();
    TestData.needsFuse();
    lower = Files.createDirectory(directory.resolve("lower"));
    Files.writeString(lower.resolve("fixed"), "fixed");
    Files.writeString(lower.resolve("log"), "log");
    Files.createDirectory(lower.resolve("shut"));
    try (PeerMount peer = kernel()) {
      chattr("+i", peer.path().resolve("fixed"));
      chattr("+a", peer.path().resolve("log"));
      chattr("+i", peer.path().resolve("shut"));
    }
  }

  /** Else nobody could remove them. */
  @AfterEach
  void unprotect() throws Exception {
    try (var files = Files.list(directory.resolve("upper"))) {
      for (Path file : files.toList()) {
        if (Files.isRegularFile(file) || Files.isDirectory(file)) {
          chattr("-ia", file);
        }
      }
    }
  }

  private PeerMount kernel() throws Exception {
    return PeerMount.kernel(directory, List.of(lower), "redirect_dir=on,metacopy=on");
  }

  private UnionMount union() throws Exception {
    return UnionMount.of(directory, List.of(new LowerLayer.Directory(lower)));
  }

  private static void chattr(String flags, Path file) throws Exception {
    ImageTools.run("chattr", flags, file.toString());
  }

  private static void assertFlag(String flag, Path file) throws Exception {
    Process lsattr = new ProcessBuilder("lsattr", "-d", file.toString()).start();
    String shown = new String(lsattr.getInputStream().readAllBytes(), UTF_8);
    assertTrue(shown.split(" ", 2)[0].contains(flag), shown);
  }

  private static void refused(org.junit.jupiter.api.function.Executable change) {
    assertThrows(FileSystemException.class, change);
  }

  @Test
  @DisplayName("show these flags, and are as protected as there")
  void protection() throws Exception {
    try (UnionMount union = union()) {
      Path fixed = union.path().resolve("fixed");
      Path log = union.path().resolve("log");
      Path shut = union.path().resolve("shut");
      assertFlag("i", fixed);
      assertFlag("a", log);
      assertFlag("i", shut);
      refused(() -> Files.writeString(fixed, "changed"));
      refused(() -> Files.delete(fixed));
      refused(() -> Files.createLink(union.path().resolve("link"), fixed));
      refused(() -> Files.move(fixed, union.path().resolve("moved")));
      refused(() -> Files.setAttribute(fixed, "unix:mode", 0600));
      refused(() -> Files.setAttribute(fixed, "user:x", new byte[1]));
      refused(() -> Files.writeString(shut.resolve("new"), "x"));
      refused(() -> Files.writeString(log, "changed"));
      refused(() -> Files.delete(log));
      Files.writeString(log, " grows", StandardOpenOption.APPEND);
      assertEquals("fixed", Files.readString(fixed));
    }
  }

  @Test
  @DisplayName("lose and keep them as is said here, for kernel overlayfs too")
  void flags() throws Exception {
    try (UnionMount union = union()) {
      chattr("-i", union.path().resolve("fixed"));
      Files.writeString(union.path().resolve("fixed"), "changed");
      chattr("-a", union.path().resolve("log"));
      chattr("+i", union.path().resolve("log"));
      refused(() -> Files.writeString(union.path().resolve("log"), "changed"));
    }
    try (PeerMount peer = kernel()) {
      assertEquals("changed", Files.readString(peer.path().resolve("fixed")));
      Files.delete(peer.path().resolve("fixed"));
      refused(() -> Files.writeString(peer.path().resolve("log"), "changed"));
      assertFlag("i", peer.path().resolve("log"));
    }
  }
}
