package io.strata.squashfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.posix.NativeBuffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Many readers of one image")
@Timeout(60)
class ConcurrentReadingTest {
  private static final int BLOCK = 131_072;
  private static final int BLOCKS = 64;
  private static final int SMALL_FILES = 200;
  private static final int SMALL_SIZE = 20_000;
  private static final int THREADS = 8;

  @TempDir static Path temp;
  private static Path image;
  private static byte[] big = {};

  @BeforeAll
  static void makeImage() throws Exception {
    ImageTools.needs("mksquashfs");
    Path tree = Files.createDirectory(temp.resolve("tree"));
    big = noise(BLOCK * BLOCKS, 1);
    Files.write(tree.resolve("big"), big);
    for (int i = 0; i < SMALL_FILES; i++) {
      Files.write(tree.resolve("small-%03d".formatted(i)), noise(SMALL_SIZE, 100 + i));
    }
    image = ImageTools.mksquashfs(tree, temp.resolve("image.sqfs"), "-comp", "zstd");
  }

  /** Letters at random: it compresses, and no two blocks are alike. */
  private static byte[] noise(int size, int seed) {
    Random random = new Random(seed);
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) ('a' + random.nextInt(16));
    }
    return bytes;
  }

  private static SquashFsImage open(long cacheBytes, int readAheadThreads) throws IOException {
    ImageOptions options = ImageOptions.defaults().withCacheBytes(cacheBytes);
    return SquashFsImage.open(image, options.withReadAhead(readAheadThreads, 8L * BLOCK));
  }

  private static FileInode file(SquashFsImage open, String name) throws IOException {
    byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
    return (FileInode) open.inode(open.lookup(open.root(), bytes));
  }

  private interface Reader {
    void read(int thread) throws IOException;
  }

  private static void inParallel(Reader reader) throws InterruptedException, ExecutionException {
    CountDownLatch start = new CountDownLatch(THREADS);
    try (ExecutorService pool = Executors.newFixedThreadPool(THREADS)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int thread = i;
        all.add(
            pool.submit(
                () -> {
                  start.countDown();
                  start.await();
                  reader.read(thread);
                  return thread;
                }));
      }
      for (Future<?> each : all) {
        each.get();
      }
    }
  }

  private static void checkBig(SquashFsImage open, long offset, int length, NativeBuffer buffer)
      throws IOException {
    assertEquals(length, open.read(file(open, "big"), offset, length, buffer, 0));
    byte[] found = new byte[length];
    buffer.bytes().get(0, found);
    int at = (int) offset;
    assertTrue(
        java.util.Arrays.equals(found, 0, length, big, at, at + length), "bytes at " + offset);
  }

  @Test
  @DisplayName("get the right bytes from a cache of four blocks, with read-ahead")
  void smallCache() throws Exception {
    try (SquashFsImage open = open(0, 2)) {
      inParallel(
          thread -> {
            Random random = new Random(thread);
            NativeBuffer buffer = NativeBuffer.allocate(4 * BLOCK);
            for (int i = 0; i < 100; i++) {
              int length = 1 + random.nextInt(4 * BLOCK);
              checkBig(open, random.nextInt(big.length - length), length, buffer);
            }
            for (int at = 0; at < big.length; at += BLOCK) {
              checkBig(open, at, BLOCK, buffer);
            }
          });
    }
  }

  @Test
  @DisplayName("who want parts of a block at once have it decompressed once")
  void oneLoad() throws Exception {
    try (SquashFsImage open = open(64 << 20, 0)) {
      inParallel(
          thread -> {
            NativeBuffer buffer = NativeBuffer.allocate(BLOCK);
            for (int block = 0; block < BLOCKS; block++) {
              checkBig(open, (long) block * BLOCK + thread, 1000, buffer);
            }
          });
      assertEquals(BLOCKS, open.statistics().blocks().loads());
    }
  }

  @Test
  @DisplayName("are read ahead, when they go on through a file")
  void readAhead() throws Exception {
    try (SquashFsImage open = open(64 << 20, 1)) {
      NativeBuffer buffer = NativeBuffer.allocate(BLOCK);
      for (int block = 0; block < 4; block++) {
        checkBig(open, (long) block * BLOCK, BLOCK, buffer);
      }
      await(() -> open.statistics().blocks().loads() >= 4 + 6);
      checkBig(open, 4L * BLOCK, BLOCK, buffer);
      assertTrue(open.statistics().blocks().hits() > 0);
      await(() -> open.statistics().blocks().loads() < 4 + 16); // it stays within its window
    }
  }

  @Test
  @DisplayName("are read ahead, when they go on from file to file")
  void acrossFiles() throws Exception {
    try (SquashFsImage open = open(64 << 20, 1)) {
      NativeBuffer buffer = NativeBuffer.allocate(BLOCK);
      for (int i = 0; i < 5; i++) { // all in the first fragment
        FileInode small = file(open, "small-%03d".formatted(i));
        assertEquals(SMALL_SIZE, open.read(small, 0, BLOCK, buffer, 0));
      }
      await(() -> open.statistics().blocks().loads() >= 1 + 5);
    }
  }

  @Test
  @DisplayName("who read here and there are not read ahead")
  void randomReaders() throws Exception {
    Set<Integer> blocks = new HashSet<>();
    SquashFsImage open = open(64 << 20, 1);
    try (open) {
      Random random = new Random(7);
      NativeBuffer buffer = NativeBuffer.allocate(BLOCK);
      for (int i = 0; i < 100; i++) {
        int page = random.nextInt(big.length / 4096);
        blocks.add(page * 4096 / BLOCK);
        checkBig(open, page * 4096L, 4096, buffer);
      }
    }
    assertEquals(blocks.size(), open.statistics().blocks().loads());
  }

  @Test
  @DisplayName("leave no thread behind when the image is closed")
  void threadsEnd() throws Exception {
    try (SquashFsImage open = open(64 << 20, 2)) {
      NativeBuffer buffer = NativeBuffer.allocate(BLOCK);
      for (int block = 0; block < 8; block++) {
        checkBig(open, (long) block * BLOCK, BLOCK, buffer);
      }
    }
    boolean left =
        Thread.getAllStackTraces().keySet().stream()
            .anyMatch(thread -> thread.getName().startsWith("strata-read-ahead"));
    assertTrue(!left, "a read-ahead thread is left");
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "nothing was read ahead");
      Thread.onSpinWait();
    }
  }
}
