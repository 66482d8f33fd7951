package io.strata.publish;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.TestData;
import io.strata.posix.Posix;
import io.strata.squashfs.ImageTools;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("On a full disk, a publication")
class FullMirrorIT {
  private static final int SIZE = 700_000;

  @TempDir Path directory;
  private Path tree;
  private Path mirror;

  @BeforeEach
  void mount() throws Exception {
    TestData.needsRoot();
    ImageTools.needs("mksquashfs");
    ImageTools.needs("xdelta3");
    tree = Files.createDirectory(directory.resolve("tree"));
    mirror = Files.createDirectory(directory.resolve("mirror"));
    byte[] noise = new byte[SIZE];
    new Random(1).nextBytes(noise);
    Files.write(tree.resolve("noise"), noise);
  }

  @AfterEach
  void unmount() throws Exception {
    ImageTools.run("umount", mirror.toString());
  }

  @Test
  @DisplayName("that has no room for the image says so and leaves the mirror as it was")
  void image() throws Exception {
    fill("1100k");
    assertRefused();
  }

  @Test
  @DisplayName("that has no room for making the delta says so and leaves the mirror as it was")
  void delta() throws Exception {
    fill("2m");
    assertRefused();
  }

  private void fill(String size) throws Exception {
    ImageTools.run("mount", "-t", "tmpfs", "-o", "size=" + size, "strata-test", mirror.toString());
    publish("1");
    Files.write(tree.resolve("more"), new byte[] {1});
  }

  private void assertRefused() throws Exception {
    byte[] index = Files.readAllBytes(mirror.resolve("sha512sum.txt"));
    Exception e = assertThrows(Exception.class, () -> publish("2"));
    assertTrue(isNoSpace(e), e.toString());
    assertArrayEquals(index, Files.readAllBytes(mirror.resolve("sha512sum.txt")));
    try (var all = Files.list(mirror)) {
      assertEquals(
          List.of(".blobs", "demo-1.sqfs", "demo-1.sqfs.blocks", "sha512sum.txt"),
          all.map(path -> path.getFileName() + "").sorted().toList());
    }
  }

  private static boolean isNoSpace(Throwable e) {
    Throwable cause = e instanceof PublishException && e.getCause() != null ? e.getCause() : e;
    String reason =
        cause instanceof FileSystemException failure && failure.getReason() != null
            ? failure.getReason()
            : String.valueOf(cause.getMessage());
    return cause instanceof IOException && reason.contains("No space left on device");
  }

  private void publish(String version) throws Exception {
    PublishRequest request = new Requests(tree, mirror).of("demo", version);
    new Publisher(Posix.system(), Clock.systemUTC()).publish(request, PublishListener.NONE);
  }
}
