package io.strata.delta;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Applying a delta")
class DeltaApplierTest {
  @TempDir Path directory;

  private final DeltaApplier applier = new DeltaApplier();
  private Path work = Path.of("");
  private Path out = Path.of("");

  @BeforeEach
  void outputDirectory() throws IOException {
    work = Files.createDirectory(directory.resolve("work"));
    out = Files.createDirectory(directory.resolve("out"));
  }

  /** A delta of no block: ADDs {@code target}, then an empty list and a header. */
  private static byte[] literal(String target, int compression) {
    byte[] bytes = target.getBytes(StandardCharsets.US_ASCII);
    int length = bytes.length + 16;
    ByteBuffer delta = ByteBuffer.allocate(100 + length);
    delta.putInt(0x5371ceb4).putInt(0).putInt(compression).putInt(0); // header
    delta.putInt(0xd6c3c400).put((byte) 0); // VCDIFF
    delta.put((byte) 0); // window without a segment
    delta.put((byte) (5 + length + 2)).put((byte) length).put((byte) 0);
    delta.put((byte) length).put((byte) 2).put((byte) 0); // sections
    delta.put(bytes).putInt(0x5371ceb4).putInt(0).putInt(compression).putInt(0); // data
    delta.put((byte) 1).put((byte) length); // ADD
    return Arrays.copyOf(delta.array(), delta.position());
  }

  private List<Path> left() throws IOException {
    try (Stream<Path> files = Files.list(out)) {
      return files.toList();
    }
  }

  @Test
  @DisplayName("of no blocks works with any compressor in its header, without using it")
  void noBlocks() throws Exception {
    Path source = Files.writeString(work.resolve("source"), "old");
    for (int compression : new int[] {0, 0x01000019, 0x02000000, 0x7f000000, -1}) {
      Path delta = Files.write(work.resolve("delta"), literal("new image", compression));
      applier.apply(source, delta, out.resolve("target"), ProgressListener.NONE);
      assertEquals("new image", Files.readString(out.resolve("target")));
    }
    assertEquals(List.of(out.resolve("target")), left());
  }

  @Test
  @DisplayName("leaves the result beside its place until it is committed, and nothing otherwise")
  void staging() throws Exception {
    Path source = Files.writeString(work.resolve("source"), "old");
    Path delta = Files.write(work.resolve("delta"), literal("new", 0));
    Path target = Files.writeString(out.resolve("target"), "before");
    try (StagedImage staged = applier.stage(source, delta, target, ProgressListener.NONE)) {
      assertEquals("new", Files.readString(staged.path()));
      assertEquals(3, staged.length());
      assertEquals(out, staged.path().getParent());
      assertTrue(staged.path().getFileName().toString().matches("\\.target\\.[0-9a-f]{8}\\.part"));
      assertEquals("before", Files.readString(target));
    }
    assertEquals(List.of(target), left());
    try (StagedImage staged = applier.stage(source, delta, target, ProgressListener.NONE)) {
      staged.commit();
      assertFalse(Files.exists(staged.path()));
    }
    assertEquals("new", Files.readString(target));
    assertEquals(List.of(target), left());
  }

  @Test
  @DisplayName("names the files where the delta is none, is cut off, or has no list at its end")
  void damaged() throws Exception {
    Path source = Files.writeString(work.resolve("source"), "old");
    byte[] good = literal("new", 0);
    for (int length = 0; length < good.length; length++) {
      assertRefused(source, Arrays.copyOf(good, length));
    }
    byte[] badTail = good.clone();
    badTail[good.length - 2 - 16]++; // the magic at the end of the target
    assertRefused(source, badTail);
    byte[] badCount = good.clone();
    badCount[good.length - 2 - 1] = 1; // one block, for whose entry there is no room
    assertRefused(source, badCount);
    assertEquals(List.of(), left());
  }

  private void assertRefused(Path source, byte[] bytes) throws IOException {
    Path delta = Files.write(work.resolve("delta"), bytes);
    DeltaException e =
        assertThrows(
            DeltaException.class,
            () -> applier.apply(source, delta, out.resolve("target"), ProgressListener.NONE));
    String message = String.valueOf(e.getMessage());
    assertTrue(message.startsWith(delta + " on " + source + ": "), message);
  }

  @Test
  @DisplayName("refuses a block list that does not fit the source")
  void otherSource() throws Exception {
    Path source = Files.writeString(work.resolve("source"), "old");
    ByteBuffer delta = ByteBuffer.allocate(28 + 5);
    delta.putInt(0x5371ceb4).putInt(0).putInt(0x02000000).putInt(1);
    delta.putInt(2).putInt(2).putInt(8); // offset 2, length 2, in a source of 3
    delta.putInt(0xd6c3c400);
    Path file = Files.write(work.resolve("delta"), delta.array());
    DeltaException e =
        assertThrows(
            DeltaException.class,
            () -> applier.apply(source, file, out.resolve("target"), ProgressListener.NONE));
    assertTrue(
        String.valueOf(e.getMessage()).contains("block 0 at offset 2 ends at 4, the image at 3"),
        e.toString());
  }

  @Test
  @DisplayName("refuses a patch that makes more than any image needs, before it writes a byte")
  void bomb() throws Exception {
    Path source = Files.writeString(work.resolve("source"), "old");
    int windows = 300; // of 64 MiB each, which a run of one byte fills
    ByteBuffer delta = ByteBuffer.allocate(16 + 5 + windows * 20);
    delta.putInt(0x5371ceb4).putInt(0).putInt(0).putInt(0);
    delta.putInt(0xd6c3c400).put((byte) 0);
    for (int i = 0; i < windows; i++) {
      delta.put(Vcdiffs.hex("00 0e a0808000 00 01 05 00 41 00a0808000"));
    }
    Path file = Files.write(work.resolve("delta"), Arrays.copyOf(delta.array(), delta.position()));
    DeltaException e =
        assertThrows(
            DeltaException.class,
            () -> applier.apply(source, file, out.resolve("target"), ProgressListener.NONE));
    assertTrue(String.valueOf(e.getMessage()).contains("which no image needs"), e.toString());
    assertEquals(List.of(), left());
  }

  @Test
  @DisplayName("refuses a patch of more windows than xdelta3 could make of the largest image")
  void tooManyWindows() throws Exception {
    Path source = Files.writeString(work.resolve("source"), "old");
    byte[] empty = Vcdiffs.hex("00 05 00 00 00 00 00"); // a window that makes nothing
    ByteBuffer delta = ByteBuffer.allocate(16 + 5 + (PatchIndex.MAX_WINDOWS + 1) * empty.length);
    delta.putInt(0x5371ceb4).putInt(0).putInt(0).putInt(0);
    delta.putInt(0xd6c3c400).put((byte) 0);
    while (delta.hasRemaining()) {
      delta.put(empty);
    }
    Path file = Files.write(work.resolve("delta"), delta.array());
    DeltaException e =
        assertThrows(
            DeltaException.class,
            () -> applier.apply(source, file, out.resolve("target"), ProgressListener.NONE));
    assertTrue(String.valueOf(e.getMessage()).contains("over 1048576 windows"), e.toString());
    assertEquals(List.of(), left());
  }

  private Path pair(String options) throws Exception {
    Programs.needs("xdelta3");
    for (int version = 0; version < 2; version++) {
      Path tree = Images.tree(directory.resolve("tree" + version), 9, version);
      Images.make(tree, work.resolve(version + ".sqfs"), List.of(options.split(" ")));
    }
    Path delta = work.resolve("delta");
    new DeltaMaker()
        .make(work.resolve("0.sqfs"), work.resolve("1.sqfs"), delta, ProgressListener.NONE);
    return delta;
  }

  @Test
  @DisplayName("tells its listener how far it is, to the end")
  void progress() throws Exception {
    Path delta = pair("-comp lz4");
    List<String> told = new ArrayList<>();
    applier.apply(
        work.resolve("0.sqfs"),
        delta,
        out.resolve("target"),
        (step, done, total) -> {
          assertTrue(done <= total);
          if (done == total) {
            told.add(step.toString());
          }
        });
    assertEquals(List.of("APPLYING"), told);
  }

  @Test
  @DisplayName("to a damaged source fails and leaves nothing")
  void damagedSource() throws Exception {
    Path delta = pair("-comp lzo");
    byte[] source = Files.readAllBytes(work.resolve("0.sqfs"));
    for (int at = 100; at < source.length; at += source.length / 50) {
      byte[] damaged = source.clone();
      damaged[at] ^= 0x10;
      Path file = Files.write(work.resolve("damaged"), damaged);
      try {
        applier.apply(file, delta, out.resolve("target"), ProgressListener.NONE);
        // The damage lay where the target has other bytes.
        assertArrayEquals(
            Files.readAllBytes(work.resolve("1.sqfs")), Files.readAllBytes(out.resolve("target")));
        Files.delete(out.resolve("target"));
      } catch (DeltaException _) {
        assertEquals(List.of(), left());
      }
    }
  }

  @Test
  @DisplayName("that was mutated 600 times ends with a result or DeltaException, and no leftovers")
  void mutants() throws Exception {
    byte[] delta = Files.readAllBytes(pair("-comp lz4"));
    Random random = new Random(20260630);
    int refused = 0;
    for (int round = 0; round < 600; round++) {
      byte[] mutant = delta.clone();
      int range = round % 2 == 0 ? 400 : mutant.length;
      for (int i = random.nextInt(3); i >= 0; i--) {
        mutant[random.nextInt(range)] = (byte) random.nextInt();
      }
      Path file = Files.write(work.resolve("mutant"), mutant);
      try {
        applier.apply(work.resolve("0.sqfs"), file, out.resolve("target"), ProgressListener.NONE);
        Files.delete(out.resolve("target"));
      } catch (DeltaException _) {
        refused++;
      }
      assertEquals(List.of(), left());
    }
    assertTrue(refused > 500, "only " + refused + " of 600 were refused");
  }

  @Test
  @DisplayName("writes one file, which is never longer than the new image")
  void noLargeFile() throws Exception {
    Path delta = pair("-comp lzo");
    long length = Files.size(work.resolve("1.sqfs"));
    assertTrue(DeltaInfo.read(delta).expandedTargetLength() > length + length / 10);
    List<Long> seen = new ArrayList<>();
    applier.apply(
        work.resolve("0.sqfs"),
        delta,
        out.resolve("target"),
        (step, done, total) -> seen.add(sizeOfOnlyFile()));
    assertTrue(seen.size() > 3, seen.toString());
    assertTrue(seen.stream().allMatch(size -> size <= length), length + ": " + seen);
    assertEquals(-1, Files.mismatch(work.resolve("1.sqfs"), out.resolve("target")));
  }

  private long sizeOfOnlyFile() {
    try {
      List<Path> files = left();
      assertEquals(1, files.size());
      return Files.size(files.getFirst());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
