package io.strata.delta;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The blocks that a target lists")
class ListedBlocksTest {
  private static final int MAGIC = HandMadeDelta.MAGIC;
  private static final int LZO = ListedTarget.COMPRESSION;

  @TempDir Path directory;

  private Path source = Path.of("");
  private Path delta = Path.of("");
  private Path out = Path.of("");

  private final ListedTarget target;

  ListedBlocksTest() throws Exception {
    target = ListedTarget.of(20_000, 8192, 1, 131_072, 300);
  }

  @BeforeEach
  void files() throws Exception {
    source = Files.writeString(directory.resolve("source"), "of no use");
    delta = directory.resolve("delta");
    out = Files.createDirectory(directory.resolve("out")).resolve("target");
  }

  private void write(byte[] expanded, int windowLength) throws IOException {
    try (HandMadeDelta made = HandMadeDelta.create(delta, LZO)) {
      for (int at = 0; at < expanded.length; at += windowLength) {
        made.add(expanded, at, Math.min(windowLength, expanded.length - at));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {700, 30_000, 1 << 20})
  @DisplayName("are in the digest of the image, which is taken while it is made")
  void digest(int length) throws Exception {
    write(target.expanded(), length);
    MessageDigest digest = MessageDigest.getInstance("SHA-512");
    new DeltaApplier().apply(source, delta, out, digest, ProgressListener.NONE);
    assertArrayEquals(MessageDigest.getInstance("SHA-512").digest(target.image), digest.digest());
    assertArrayEquals(target.image, Files.readAllBytes(out));
  }

  @Test
  @DisplayName("are made in the order of the image, with what stands between them")
  void order() throws Exception {
    byte[] expanded = target.expanded();
    write(expanded, 4096);
    try (SqdeltaFile file = SqdeltaFile.open(delta)) {
      PatchIndex index = PatchIndex.read(file.patch());
      TargetShape shape = TargetShape.read(new Vcdiffs.Memory(expanded));
      int[] order = WindowOrder.of(index, shape);
      long reached = 0;
      boolean[] seen = new boolean[index.windows()];
      for (int window : order) {
        seen[window] = true;
        long start = index.start(window);
        long plain = start - shape.imageLength();
        boolean own = index.start(window + 1) <= shape.imageLength();
        if (own || (plain >= 0 && plain < shape.blocks().uncompressedLength())) {
          long needed = own ? start : shape.blocks().offset(shape.blocks().plainAt(plain));
          assertTrue(needed >= reached, window + " is needed at " + needed);
          reached = needed;
        }
      }
      for (boolean each : seen) {
        assertTrue(each);
      }
    }
  }

  private void apply() throws IOException, DeltaException {
    new DeltaApplier().apply(source, delta, out, ProgressListener.NONE);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 1000, 8192, 50_000, 1 << 20})
  @DisplayName("come out, however the windows of the patch cut them")
  void windows(int length) throws Exception {
    write(target.expanded(), length);
    apply();
    assertArrayEquals(target.image, Files.readAllBytes(out));
  }

  @Test
  @DisplayName("that this library compresses to another length are named, with it and its version")
  void mismatch() throws Exception {
    int[] list = target.list.clone();
    list[3 * 3 + 1]--; // the block of 131,072 bytes
    write(target.expanded(list, MAGIC, 0, LZO, 5), 8192);
    RecompressionException e = assertThrows(RecompressionException.class, this::apply);
    assertEquals(3, e.block());
    assertTrue(e.library().matches("liblzo2 [0-9.]+"), e.library());
    String message = String.valueOf(e.getMessage());
    String wanted =
        "block 3 of 5 at offset %d: %s compresses its 131072 bytes to %d, the image has %d";
    assertTrue(
        message.contains(wanted.formatted(list[9], e.library(), list[10] + 1, list[10])), message);
    assertNothingLeft();
  }

  static Stream<Arguments> lies() {
    return Stream.of(
        Arguments.of("magic", new int[] {MAGIC + 1, 0, LZO, 5}, -1, 0),
        Arguments.of("unknown flags 0x00000001", new int[] {MAGIC, 1, LZO, 5}, -1, 0),
        Arguments.of("unknown flags 0x80000000", new int[] {MAGIC, 1 << 31, LZO, 5}, -1, 0),
        Arguments.of("unknown compressor", new int[] {MAGIC, 0, 0x03000000, 5}, -1, 0),
        Arguments.of("unknown LZO options", new int[] {MAGIC, 0, LZO | 0x100, 5}, -1, 0),
        Arguments.of("unknown LZ4 options", new int[] {MAGIC, 0, 0x02000002, 5}, -1, 0),
        Arguments.of("LZO level 0", new int[] {MAGIC, 0, 0x01000010, 5}, -1, 0),
        Arguments.of("too many blocks", new int[] {MAGIC, 0, LZO, -1}, -1, 0),
        Arguments.of("too few for a list", new int[] {MAGIC, 0, LZO, 1 << 22}, -1, 0),
        Arguments.of("overlaps the block before it", new int[] {MAGIC, 0, LZO, 5}, 3, 0),
        Arguments.of("the image at", new int[] {MAGIC, 0, LZO, 5}, 12, -1),
        Arguments.of("the image at", new int[] {MAGIC, 0, LZO, 5}, 13, 1 << 20),
        Arguments.of("has length 0", new int[] {MAGIC, 0, LZO, 5}, 4, 0),
        Arguments.of("has length 2147483647", new int[] {MAGIC, 0, LZO, 5}, 4, 0x7fffffff),
        Arguments.of("has uncompressed length 0", new int[] {MAGIC, 0, LZO, 5}, 2, 0),
        Arguments.of("does not fit its length", new int[] {MAGIC, 0, LZO, 5}, 2, 0x100001),
        Arguments.of("does not fit its length", new int[] {MAGIC, 0, LZO, 5}, 2, 0x7fffffff));
  }

  @ParameterizedTest
  @MethodSource("lies")
  @DisplayName("are not believed where the target's own header or list says what can't be")
  void refused(String why, int[] header, int word, int value) throws Exception {
    int[] list = target.list.clone();
    if (word >= 0) {
      list[word] = value;
    }
    write(target.expanded(list, header), 1 << 20);
    DeltaException e = assertThrows(DeltaException.class, this::apply);
    assertTrue(String.valueOf(e.getMessage()).contains(why), e.toString());
    assertNothingLeft();
  }

  @Test
  @DisplayName("may be any bytes: 1,000 mutants end with a result or DeltaException")
  void mutants() throws Exception {
    java.util.Random random = new java.util.Random(7);
    byte[] expanded = ListedTarget.of(500, 700, 40).expanded();
    int refused = 0;
    for (int round = 0; round < 1000; round++) {
      byte[] mutant = expanded.clone();
      for (int i = random.nextInt(3); i >= 0; i--) {
        mutant[mutant.length - 1 - random.nextInt(52)] = (byte) random.nextInt();
      }
      write(mutant, 1 + random.nextInt(expanded.length));
      try {
        apply();
        Files.delete(out);
      } catch (DeltaException _) {
        refused++;
      }
      assertNothingLeft();
    }
    assertTrue(refused > 700, "only " + refused + " of 1000 were refused");
  }

  private void assertNothingLeft() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("out"))) {
      assertEquals(0, files.count());
    }
  }
}
