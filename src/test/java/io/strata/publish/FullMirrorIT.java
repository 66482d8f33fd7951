package io.strata.publish;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.TestData;
import io.strata.posix.Posix;
import io.strata.squashfs.ImageTools;
import io.strata.trust.Index;
import io.strata.trust.IndexReader;
import io.strata.trust.Verification;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code -Dstrata.fills=100} and {@code -Dstrata.seed=N} for many disks of random sizes. */
@DisplayName("On a full disk, a publication")
class FullMirrorIT {
  private static final int SIZE = 700_000;
  private static final int FILLS = Integer.getInteger("strata.fills", 2);
  private static final long SEED = Long.getLong("strata.seed", 1);

  /** Between the two lies what a publication needs beside what is there, in KiB. */
  private static final int SMALLEST = 40;

  private static final int LARGEST = 5000;

  @TempDir Path directory;
  private Path tree;
  private Path mirror;

  @BeforeEach
  void prepare() throws Exception {
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

  @Test
  @DisplayName("of any size leaves the mirror as it was or as it should be; with room, it finishes")
  void anySize() throws Exception {
    Random random = new Random(SEED);
    mount("20m");
    Requests one =
        new Requests(tree, mirror)
            .retention(new RetentionOptions(OptionalInt.of(1), OptionalInt.empty(), Duration.ZERO))
            .postProcess("f() { sha256sum $1 > $1.sig; }; f", "");
    publish(one.of("demo", "0"));
    int failed = 0;
    for (int i = 1; i <= FILLS; i++) {
      int room = SMALLEST + random.nextInt(LARGEST - SMALLEST);
      String when = room + " KiB of room, number " + i;
      Files.writeString(tree.resolve("noise"), "" + i, StandardOpenOption.APPEND);
      ImageTools.run("mount", "-o", "remount,size=" + (used() + room) + "k", mirror.toString());
      PublishRequest request = one.of("demo", "" + i);
      try {
        publish(request);
      } catch (PublishException | IOException e) {
        boolean command = e.toString().contains("the command of --post-process fails");
        assertTrue(command || isNoSpace(e), when + ": " + e);
        failed++;
        assertEquals(i - 1, sound(when));
      }
      ImageTools.run("mount", "-o", "remount,size=20m", mirror.toString());
      publish(request);
      assertEquals(i, sound(when));
    }
    System.out.println(failed + " of " + FILLS + " publications had no room, seed " + SEED);
  }

  private int used() throws Exception {
    FileStore store = Files.getFileStore(mirror);
    return (int) ((store.getTotalSpace() - store.getUnallocatedSpace()) >> 10);
  }

  /** The current version, if what is listed is here, and nothing else. */
  private int sound(String when) throws Exception {
    Index index =
        IndexReader.of(Verification.NO, Optional.empty())
            .read(Files.readAllBytes(mirror.resolve("sha512sum.txt")));
    for (Map.Entry<String, String> listed : index.digests().entrySet()) {
      Path file = mirror.resolve(listed.getKey());
      assertEquals(listed.getValue(), Digests.sha512(file), when + ": " + file);
    }
    TreeSet<String> expected = new TreeSet<>(index.digests().keySet());
    expected.addAll(List.of(".blobs", ".published", "sha512sum.txt"));
    try (var all = Files.list(mirror)) {
      List<String> here = all.map(path -> path.getFileName() + "").sorted().toList();
      assertEquals(List.copyOf(expected), here, when);
    }
    return Integer.parseInt(index.currentVersion("demo"));
  }

  private void mount(String size) throws Exception {
    ImageTools.run("mount", "-t", "tmpfs", "-o", "size=" + size, "strata-test", mirror.toString());
  }

  private void fill(String size) throws Exception {
    mount(size);
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
          List.of(".blobs", ".published", "demo-1.sqfs", "demo-1.sqfs.blocks", "sha512sum.txt"),
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
    publish(new Requests(tree, mirror).of("demo", version));
  }

  private static void publish(PublishRequest request) throws Exception {
    new Publisher(Posix.system(), Clock.systemUTC()).publish(request, PublishListener.NONE);
  }
}
