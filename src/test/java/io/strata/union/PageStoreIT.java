package io.strata.union;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.TestData;
import io.strata.fuse.Statistics;
import io.strata.squashfs.ImageTools;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("What the kernel is given before it asks")
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PageStoreIT {
  private static final int DIRECTORIES = 120;
  private static final int FILES = 8; // in each
  private static final int BIG = (6 << 20) + 5000;
  private static final int BLOCK = 1 << 17;
  private static final int PAGE = 4096;

  @TempDir Path directory;

  private Path tree = Path.of("");
  private byte[] big = {};
  private ImageMount mount;

  @BeforeEach
  void mount() throws Exception {
    TestData.needsRoot();
    TestData.needsFuse();
    tree = Files.createDirectory(directory.resolve("tree"));
    Random random = new Random(7);
    for (int i = 0; i < DIRECTORIES; i++) {
      Path sub = Files.createDirectories(tree.resolve("small/" + i));
      for (int j = 0; j < FILES; j++) {
        Files.write(sub.resolve("file" + j), bytes(random, random.nextInt(9000)));
      }
    }
    big = bytes(random, BIG);
    Files.write(Files.createDirectory(tree.resolve("large")).resolve("big"), big);
    Path image = ImageTools.mksquashfs(tree, directory.resolve("image.sqfs"), "-no-fragments");
    mount = mount(image, Files.createDirectory(directory.resolve("mount")));
  }

  ImageMount mount(Path image, Path mountPoint) throws Exception {
    return ImageMount.of(image, mountPoint);
  }

  /** Bytes that compress by half, so that blocks are stored compressed. */
  private static byte[] bytes(Random random, int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    for (int i = 0; i < size; i += 2) {
      bytes[i] = 'a';
    }
    return bytes;
  }

  @AfterEach
  void unmount() throws Exception {
    mount.close();
  }

  private Statistics statistics() {
    return mount.session().statistics();
  }

  private long reads() {
    return statistics().requests().getOrDefault("READ", 0L);
  }

  private long stores() {
    return statistics().notifications().getOrDefault("STORE", 0L);
  }

  @Test
  @DisplayName("who walks a tree and reads it gets most files without asking for them")
  void walk() throws Exception {
    ImageTools.run(
        "diff", "-r", tree.resolve("small").toString(), mount.path().resolve("small").toString());
    int files = DIRECTORIES * FILES;
    assertTrue(reads() < files / 4, reads() + " READs for " + files + " files");
    assertTrue(stores() > files / 2, stores() + " stores for " + files + " files");
    assertEquals(List.of(), mount.damage());
  }

  @Test
  @DisplayName("who only looks at names and attributes gets nothing else")
  void look() throws Exception {
    ImageTools.run("sh", "-c", "find '" + mount.path() + "' -printf '%s' > /dev/null");
    assertEquals(0, stores());
  }

  @Test
  @DisplayName("a random reader gets the whole of each block with the first read of it")
  void randomReads() throws Exception {
    Random random = new Random(11);
    int blocks = BIG / BLOCK;
    try (RandomAccessFile file = new RandomAccessFile(bigFile().toFile(), "r")) {
      byte[] page = new byte[PAGE];
      for (int i = 0; i < 2000; i++) {
        int at = random.nextInt(blocks * (BLOCK / PAGE)) * PAGE;
        file.seek(at);
        file.readFully(page);
        assertArrayEquals(part(at, PAGE), page, "at byte " + at);
      }
    }
    assertTrue(reads() <= 2L * blocks + 10, reads() + " READs for " + blocks + " blocks");
    assertArrayEquals(big, Files.readAllBytes(bigFile()));
  }

  @Test
  @DisplayName("random readers of the same blocks at once get them, and none waits for ever")
  void randomCrowd() throws Exception {
    for (int round = 0; round < 10; round++) {
      Files.writeString(Path.of("/proc/sys/vm/drop_caches"), "1");
      List<Callable<Void>> readers = new ArrayList<>();
      for (int seed = 0; seed < 6; seed++) {
        Random random = new Random(seed);
        readers.add(() -> readRandomly(random));
      }
      try (ExecutorService threads = Executors.newFixedThreadPool(readers.size())) {
        for (Future<Void> reader : threads.invokeAll(readers)) {
          reader.get();
        }
      }
    }
  }

  private @Nullable Void readRandomly(Random random) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(bigFile().toFile(), "r")) {
      byte[] page = new byte[PAGE];
      for (int i = 0; i < 500; i++) {
        int at = random.nextInt(BIG / PAGE) * PAGE;
        file.seek(at);
        file.readFully(page);
        assertArrayEquals(part(at, PAGE), page, "at byte " + at);
      }
    }
    return null;
  }

  private Path bigFile() {
    return mount.path().resolve("large/big");
  }

  private byte[] part(int from, int length) {
    byte[] part = new byte[length];
    System.arraycopy(big, from, part, 0, length);
    return part;
  }

  @Test
  @DisplayName("readers who want the same at once get it, and none waits for ever")
  void crowd() throws Exception {
    String walk = "cd '" + mount.path() + "' && tar cf - small | sha256sum";
    String same = "cd '" + mount.path() + "' && cat small/*/* large/big | sha256sum";
    for (int round = 0; round < 4; round++) {
      List<Process> walkers = new ArrayList<>();
      List<Process> readers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        walkers.add(shell(walk));
        readers.add(shell(same));
      }
      assertEquals(1, walkers.stream().map(PageStoreIT::output).distinct().count());
      assertEquals(1, readers.stream().map(PageStoreIT::output).distinct().count());
      ImageTools.run("sh", "-c", "echo 3 > /proc/sys/vm/drop_caches");
    }
    assertEquals(List.of(), mount.damage());
  }

  private static Process shell(String script) throws IOException {
    return new ProcessBuilder("bash", "-o", "pipefail", "-c", script).start();
  }

  private static String output(Process process) {
    try {
      String output =
          new String(
              process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      assertEquals(0, process.waitFor(), output);
      return output;
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
