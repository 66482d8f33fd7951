package io.strata.delta;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.TestData;
import io.strata.codec.Compressor;
import io.strata.codec.Compressors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A delta of our own making")
class DeltaMakerTest {
  @TempDir Path directory;

  @BeforeEach
  void needsXdelta3() {
    Programs.needs("xdelta3");
  }

  private Path image(int version, String options) throws Exception {
    Path tree = Images.tree(directory.resolve("tree" + version), 7, version);
    return Images.make(tree, directory.resolve(version + ".sqfs"), List.of(options.split(" ")));
  }

  private DeltaMaker.Result roundTrip(Path from, Path to) throws Exception {
    Path delta = directory.resolve("made.sqdelta");
    DeltaMaker.Result result = new DeltaMaker().make(from, to, delta, ProgressListener.NONE);
    Path out = directory.resolve("out.sqfs");
    new DeltaApplier().apply(from, delta, out, ProgressListener.NONE);
    assertEquals(-1, Files.mismatch(to, out), result.toString());
    assertEquals(Files.size(delta), result.info().length());
    return result;
  }

  @Test
  @DisplayName("of the guru pair is not larger than upstream's, and gives the image back")
  void guru() throws Exception {
    Path mirror = TestData.shared("mirror");
    DeltaMaker.Result result =
        roundTrip(mirror.resolve("guru-20260627.sqfs"), mirror.resolve("guru-20260630.sqfs"));
    long upstream = Files.size(mirror.resolve("guru-20260627-20260630.sqdelta"));
    assertTrue(result.info().length() <= upstream, result.toString());
    assertEquals(0, result.irreproducible());
  }

  @ParameterizedTest
  @CsvSource({
    "-comp lzo,                                    'lzo, level 8, optimized'",
    "-comp lzo -Xcompression-level 9,              'lzo, level 9, optimized'",
    "-comp lzo -Xcompression-level 1 -b 4096,      'lzo, level 1, optimized'",
    "-comp lz4,                                    lz4",
    "-comp lz4 -b 1M -no-fragments -noI,           lz4",
    "-comp lzo -always-use-fragments -no-exports,  'lzo, level 8, optimized'"
  })
  @DisplayName("lists the blocks that changed, all of which come back")
  void listed(String options, String compression) throws Exception {
    DeltaMaker.Result result = roundTrip(image(0, options), image(1, options));
    assertEquals(compression, result.info().compression().toString());
    assertTrue(result.targetBlocks() > 2, result.toString());
    assertTrue(result.info().sourceBlocks() > 2, result.toString());
    assertEquals(0, result.irreproducible(), result.toString());
    assertTrue(result.suited(), result.toString());
    long whole = Files.size(directory.resolve("1.sqfs"));
    assertTrue(result.info().length() < whole / 2, result + ", image " + whole);
  }

  @ParameterizedTest
  @CsvSource({"-comp gzip", "-comp xz", "-comp zstd", "-comp lzo -Xalgorithm lzo1x_1"})
  @DisplayName("lists no block where the format has no name for the compressor")
  void unlisted(String options) throws Exception {
    DeltaMaker.Result result = roundTrip(image(0, options), image(1, options));
    assertEquals(0, result.targetBlocks());
    assertEquals(0, result.info().sourceBlocks());
    assertFalse(result.suited(), result.toString());
  }

  @Test
  @DisplayName("of LZ4HC lists what squashmerge gives back at level 9, not what level 12 does")
  void lz4hc() throws Exception {
    DeltaMaker.Result result = roundTrip(image(0, "-comp lz4 -Xhc"), image(1, "-comp lz4 -Xhc"));
    assertTrue(result.irreproducible() > 0 && result.suited(), result.toString());
    try (SqdeltaFile delta = SqdeltaFile.open(directory.resolve("made.sqdelta"));
        ImageFile image = ImageFile.open(directory.resolve("1.sqfs"))) {
      BlockList all = new BlockSelection(image, new ImageScan(image).blocks()).decompressible();
      assertTrue(result.targetBlocks() < all.size() / 2, delta.header() + " " + result);
      BlockSelection whole = new BlockSelection(image, new ImageScan(image).blocks());
      int nine = whole.reproducible(Compressors.lz4hc(9), ProgressListener.NONE).size();
      int twelve = whole.reproducible(Compressors.lz4hc(12), ProgressListener.NONE).size();
      assertEquals(all.size(), twelve, "what mksquashfs does");
      assertTrue(result.targetBlocks() <= nine, result + ", at level 9 " + nine);
    }
  }

  @Test
  @DisplayName("lists blocks of LZO that was not optimized, as squashfs-tools-ng makes it")
  void notOptimized() throws Exception {
    Programs.needs("tar2sqfs");
    Path[] images = new Path[2];
    for (int version = 0; version < 2; version++) {
      Path tree = Images.tree(directory.resolve("ng" + version), 7, version);
      images[version] = directory.resolve(version + ".ng");
      String make = "tar -C %s --sort=name --mtime=@0 -cf - . | tar2sqfs -q -f -j 1 -c lzo %s";
      Programs.run(List.of("sh", "-c", make.formatted(tree, images[version])));
    }
    DeltaMaker.Result result = roundTrip(images[0], images[1]);
    assertEquals(0, result.irreproducible(), result.toString());
    assertTrue(result.targetBlocks() > 2, result.toString());
  }

  @Test
  @DisplayName("holds a patch that xdelta3 -d applies to the expanded file, as squashmerge does")
  void expanded() throws Exception {
    Path to = image(1, "-comp lzo");
    Path from = image(0, "-comp lzo");
    roundTrip(from, to);
    Path delta = directory.resolve("made.sqdelta");
    Path source = directory.resolve("expanded");
    Path patch = directory.resolve("patch");
    Path out = directory.resolve("decoded");
    byte[] image = Files.readAllBytes(to);
    int at;
    try (SqdeltaFile file = SqdeltaFile.open(delta);
        ImageFile old = ImageFile.open(from);
        ExpandedImage view =
            new ExpandedImage(old.channel(), old.length(), file.header(), file.blocks(), 1 << 20)) {
      byte[] bytes = new byte[(int) view.length()];
      view.focus(0, bytes.length);
      view.read(0, bytes, 0, bytes.length);
      Files.write(source, bytes);
      at = file.header().lengthWithList();
    }
    byte[] made = Files.readAllBytes(delta);
    Files.write(patch, Arrays.copyOfRange(made, at, made.length));
    Programs.run(List.of("xdelta3", "-d", "-s", "" + source, "" + patch, "" + out));
    assertExpanded(image, ByteBuffer.wrap(Files.readAllBytes(out)));
  }

  /** The image with NULs for the listed blocks, then these uncompressed, the list, the header. */
  private static void assertExpanded(byte[] image, ByteBuffer expanded) throws Exception {
    SqdeltaHeader header = SqdeltaHeader.read(expanded, expanded.limit() - SqdeltaHeader.SIZE);
    int list = expanded.limit() - header.lengthWithList();
    Compressor lzo = header.compression().upstream();
    int plain = image.length;
    byte[] rest = image.clone();
    for (int i = 0; i < header.blockCount(); i++) {
      int offset = expanded.getInt(list + BlockList.ENTRY_SIZE * i);
      int length = expanded.getInt(list + BlockList.ENTRY_SIZE * i + 4);
      int uncompressed = expanded.getInt(list + BlockList.ENTRY_SIZE * i + 8);
      ByteBuffer block =
          ByteBuffer.allocateDirect(uncompressed).put(0, expanded, plain, uncompressed);
      ByteBuffer again = ByteBuffer.allocateDirect(2 * uncompressed + 512);
      again.limit(lzo.compress(block, 0, uncompressed, again, 0, again.capacity()));
      assertEquals(ByteBuffer.wrap(image, offset, length), again);
      Arrays.fill(rest, offset, offset + length, (byte) 0);
      plain += uncompressed;
    }
    assertEquals(list, plain);
    assertEquals(ByteBuffer.wrap(rest), expanded.slice(0, image.length));
    assertTrue(header.blockCount() > 2, header.toString());
  }

  @Test
  @DisplayName("lists no block where the images differ in their compressor")
  void mixed() throws Exception {
    assertEquals(0, roundTrip(image(0, "-comp lz4"), image(1, "-comp lzo")).targetBlocks());
  }

  @Test
  @DisplayName("leaves out what this library does not give back, and is right all the same")
  void irreproducible() throws Exception {
    Path to = image(1, "-comp lzo -Xcompression-level 9");
    byte[] bytes = Files.readAllBytes(to);
    assertEquals(9, bytes[96 + 2 + 4], "the level in the compressor options");
    bytes[96 + 2 + 4] = 1; // so that the options lie
    DeltaMaker.Result result =
        roundTrip(image(0, "-comp lzo"), Files.write(directory.resolve("lying.sqfs"), bytes));
    assertTrue(result.irreproducible() > result.targetBlocks(), result.toString());
  }

  @Test
  @DisplayName("is the same each time")
  void reproducible() throws Exception {
    Path from = image(0, "-comp lzo");
    Path to = image(1, "-comp lzo");
    Path first = directory.resolve("first.sqdelta");
    Path second = directory.resolve("second.sqdelta");
    new DeltaMaker().make(from, to, first, ProgressListener.NONE);
    new DeltaMaker().make(from, to, second, ProgressListener.NONE);
    assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(second));
  }

  @Test
  @DisplayName("lists no more blocks than an expanded image may have, and is right all the same")
  void expandedTooFar() throws Exception {
    Path from = image(0, "-comp lzo -b 4096");
    Path to = image(1, "-comp lzo -b 4096");
    int all = roundTrip(from, to).targetBlocks();
    Path delta = directory.resolve("shorter.sqdelta");
    DeltaMaker maker = new DeltaMaker("xdelta3", Files.size(to) + 6 * 4096);
    DeltaMaker.Result result = maker.make(from, to, delta, ProgressListener.NONE);
    assertTrue(result.targetBlocks() > 0 && result.targetBlocks() < all, result + " of " + all);
    Path out = directory.resolve("out.sqfs");
    new DeltaApplier().apply(from, delta, out, ProgressListener.NONE);
    assertEquals(-1, Files.mismatch(to, out), result.toString());
  }

  @Test
  @DisplayName("needs xdelta3, says where to get it, and leaves nothing")
  void noXdelta3() throws Exception {
    Path from = image(0, "-comp lz4");
    Path delta = Files.createDirectory(directory.resolve("out")).resolve("x.sqdelta");
    DeltaException e =
        assertThrows(
            DeltaException.class,
            () ->
                new DeltaMaker("xdelta3-of-nowhere")
                    .make(from, from, delta, ProgressListener.NONE));
    assertTrue(String.valueOf(e.getMessage()).contains("apt-get install xdelta3"), e.toString());
    try (Stream<Path> left = Files.list(directory.resolve("out"))) {
      assertEquals(0, left.count());
    }
  }

  @Test
  @DisplayName("is refused for what is no image, with the file's name")
  void noImage() throws IOException {
    Path text = Files.writeString(directory.resolve("text"), "x".repeat(5000));
    DeltaException e =
        assertThrows(
            DeltaException.class,
            () ->
                new DeltaMaker()
                    .make(text, text, directory.resolve("delta"), ProgressListener.NONE));
    assertEquals(text + ": not a SquashFS image", e.getMessage());
  }

  @Test
  @DisplayName("from a damaged image is made or refused, and never hangs: 300 mutants")
  void damagedImages() throws Exception {
    Path image = image(0, "-comp lz4 -b 4096");
    byte[] bytes = Files.readAllBytes(image);
    java.util.Random random = new java.util.Random(1);
    int refused = 0;
    for (int round = 0; round < 300; round++) {
      byte[] mutant = bytes.clone();
      boolean head = random.nextInt(3) == 0;
      for (int i = 0; i < 4; i++) {
        int at = head ? random.nextInt(96) : mutant.length - 1 - random.nextInt(20_000);
        mutant[at] = (byte) random.nextInt();
      }
      Path damaged = Files.write(directory.resolve("damaged"), mutant);
      try (ImageFile file = ImageFile.open(damaged)) {
        new BlockSelection(file, new ImageScan(file).blocks()).decompressible();
      } catch (DeltaException _) {
        refused++;
      }
    }
    assertTrue(refused > 30, "only " + refused + " were refused");
  }
}
