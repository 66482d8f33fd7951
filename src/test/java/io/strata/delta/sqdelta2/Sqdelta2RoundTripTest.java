package io.strata.delta.sqdelta2;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.delta.Images;
import io.strata.delta.Programs;
import io.strata.delta.ProgressListener;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("An .sqdelta2")
class Sqdelta2RoundTripTest {
  /** All combinations of options, instead of a few of each kind. */
  private static final boolean ALL = Boolean.getBoolean("strata.sqdelta2.all");

  private static final int MUTANTS = Integer.getInteger("strata.sqdelta2.mutants", 8);

  /** The trees, and the images that were made of them. */
  @TempDir static Path images;

  @TempDir Path directory;

  private static Path image(int version, String options) throws Exception {
    return SmallTrees.image(images, version, options);
  }

  private Sqdelta2Maker.Result roundTrip(Path from, Path to) throws Exception {
    Path delta = directory.resolve("made.sqdelta2");
    Sqdelta2Maker.Result result = new Sqdelta2Maker().make(from, to, delta, ProgressListener.NONE);
    Path out = directory.resolve("out.sqfs");
    new Sqdelta2Applier().apply(from, delta, out, ProgressListener.NONE);
    assertEquals(-1, Files.mismatch(to, out), result.toString());
    assertEquals(Files.size(delta), result.length());
    return result;
  }

  private static Stream<String> some(List<String> few, List<String> more) {
    return ALL ? Stream.concat(few.stream(), more.stream()) : few.stream();
  }

  static Stream<String> options() {
    return some(
        List.of(
            "-comp gzip -Xstrategy default,filtered,huffman_only,run_length_encoded,fixed",
            "-comp lzo -always-use-fragments -no-exports",
            "-comp xz -Xdict-size 50%",
            "-comp zstd -Xcompression-level 3 -b 1M -no-xattrs",
            "-comp lz4 -Xhc -b 8K -no-duplicates -nopad",
            "-comp gzip -noI -noD -noF -noX -noId"),
        List.of(
            "-comp gzip",
            "-comp gzip -Xcompression-level 1 -Xwindow-size 9 -b 4096",
            "-comp lzo",
            "-comp lzo -Xcompression-level 3 -b 16K",
            "-comp xz",
            "-comp zstd",
            "-comp lz4",
            "-comp zstd -no-fragments",
            "-comp gzip -noI",
            "-comp gzip -noD",
            "-comp gzip -noF",
            "-comp zstd -no-sparse -b 4096"));
  }

  @ParameterizedTest
  @MethodSource("options")
  @DisplayName("of images of mksquashfs has all blocks recompressed and the metadata predicted")
  void modelled(String options) throws Exception {
    Path to = image(1, options);
    Sqdelta2Maker.Result result = roundTrip(image(0, options), to);
    assertTrue(result.modelled(), result.toString());
    boolean stored = options.contains("-noD") || options.contains("-noF");
    assertTrue(stored || result.recompressed() > 0, result.toString());
    assertTrue(stored || result.verbatim() <= 7, result.toString());
    long whole = Files.size(to);
    assertTrue(result.length() < whole / 2, result + ", image " + whole);
  }

  static Stream<String> irreproducibleOptions() {
    return some(
        List.of("-comp lzo -Xalgorithm lzo1x_1", "-comp lzma"),
        List.of("-comp lzo -Xalgorithm lzo1x_1_15"));
  }

  @ParameterizedTest
  @MethodSource("irreproducibleOptions")
  @DisplayName("of what can't be compressed again here is right all the same")
  void irreproducible(String options) throws Exception {
    assertTrue(roundTrip(image(0, options), image(1, options)).modelled());
  }

  static Stream<String> compressors() {
    return some(List.of("zstd"), List.of("gzip", "lzo", "xz", "lz4"));
  }

  @ParameterizedTest
  @MethodSource("compressors")
  @DisplayName("of images of squashfs-tools-ng has the metadata predicted")
  void toolsNg(String compression) throws Exception {
    Programs.needs("tar2sqfs");
    Path[] pair = new Path[2];
    for (int version = 0; version < 2; version++) {
      pair[version] = directory.resolve(version + ".ng");
      Programs.run(
          List.of(
              "sh",
              "-c",
              "tar -C %s --sort=name --mtime=@0 -cf - . | tar2sqfs -q -f -e -j 1 -c %s %s"
                  .formatted(SmallTrees.tree(images, version), compression, pair[version])));
    }
    Sqdelta2Maker.Result result = roundTrip(pair[0], pair[1]);
    assertTrue(result.modelled(), result.toString());
    long whole = Files.size(pair[1]);
    assertTrue(result.length() < whole / 2, result + ", image " + whole);
  }

  @Test
  @DisplayName("between the same images is smaller than 1 KiB, and copies everything")
  void same() throws Exception {
    Path image = image(0, "-comp lzo");
    Sqdelta2Maker.Result result = roundTrip(image, image);
    assertTrue(result.length() < 1024, result.toString());
    assertEquals(0, result.recompressed() + result.verbatim(), result.toString());
  }

  @Test
  @DisplayName("leads from one compressor and block size to another")
  void mixed() throws Exception {
    Path from = image(0, "-comp lz4 -b 4096");
    Path to = image(1, "-comp zstd -b 256K");
    assertTrue(roundTrip(from, to).length() < Files.size(to) / 2);
  }

  @Test
  @DisplayName("leads from and to an empty tree, and to one of nothing but special files")
  void empty() throws Exception {
    Path nothing = Files.createDirectory(directory.resolve("nothing"));
    Path empty = Images.make(nothing, directory.resolve("empty.sqfs"), List.of());
    Path full = image(1, "");
    assertTrue(roundTrip(full, empty).modelled());
    assertTrue(roundTrip(empty, full).modelled());
    assertTrue(roundTrip(empty, empty).modelled());
    Path special =
        Images.make(
            nothing,
            directory.resolve("special.sqfs"),
            List.of("-p", "c c 600 0 0 1 3", "-p", "b b 600 1 2 8 1", "-p", "p d 755 3 3"));
    assertTrue(roundTrip(empty, special).modelled());
    assertTrue(roundTrip(special, full).modelled());
  }

  @Test
  @DisplayName(
      "of a program built anew and a page compressed anew has hardly more than what is new")
  void predicted() throws Exception {
    Path[] pair = new Path[2];
    for (int version = 0; version < 2; version++) {
      Path tree = Files.createDirectory(directory.resolve("predicted" + version));
      byte[] page = SmallTrees.words(7, 9000);
      page[300] += (byte) version;
      Files.write(tree.resolve("page.gz"), SmallTrees.gzip(page));
      Files.write(tree.resolve("program"), SmallTrees.program(version));
      pair[version] = Images.make(tree, directory.resolve(version + ".p"), List.of());
    }
    assertTrue(roundTrip(pair[0], pair[1]).modelled());
    long content = Sqdelta2Info.read(directory.resolve("made.sqdelta2")).contentLength();
    assertTrue(content < 350, "4 times 37 bytes of text are new; stored are " + content);
  }

  @Test
  @DisplayName("of programs that mksquashfs has put through a filter compresses all blocks again")
  void filtered() throws Exception {
    Path[] pair = new Path[2];
    for (int version = 0; version < 2; version++) {
      Path tree = Files.createDirectory(directory.resolve("filtered" + version));
      ByteBuffer code = ByteBuffer.allocate(40_000).order(ByteOrder.LITTLE_ENDIAN);
      while (code.remaining() > 30) {
        code.put(SmallTrees.words(code.position() % 7, 25)); // and a call of the same function
        code.put((byte) 0xe8).putInt(version + 5000 - code.position() - Integer.BYTES);
      }
      Files.write(tree.resolve("program"), code.array());
      List<String> options = List.of("-comp", "xz", "-Xbcj", "arm,x86", "-b", "8K");
      pair[version] = Images.make(tree, directory.resolve(version + ".f"), options);
    }
    Sqdelta2Maker.Result result = roundTrip(pair[0], pair[1]);
    assertTrue(result.recompressed() > 2, result.toString());
    assertEquals(0, result.verbatim(), result.toString());
  }

  @Test
  @DisplayName("of small files that are blocks of their own is small, whatever the block size")
  void withoutFragments() throws Exception {
    Path[] pair = new Path[2];
    for (int version = 0; version < 2; version++) {
      Path tree = Files.createDirectory(directory.resolve("blocks" + version));
      for (int i = 0; i < 60; i++) {
        byte[] text = SmallTrees.words(i, 3000);
        text[1500] += (byte) version;
        Files.write(tree.resolve("file" + i), text);
        Files.write(tree.resolve("page" + i + ".gz"), SmallTrees.gzip(text));
      }
      List<String> options = List.of("-no-fragments", "-b", "1M");
      pair[version] = Images.make(tree, directory.resolve(version + ".b"), options);
    }
    Sqdelta2Maker.Result result = roundTrip(pair[0], pair[1]);
    assertTrue(result.length() < Files.size(pair[1]) / 20, result.toString());
  }

  @Test
  @DisplayName("keeps extended attributes")
  void xattrs() throws Exception {
    Programs.needs("setfattr");
    Path[] pair = new Path[2];
    for (int version = 0; version < 2; version++) {
      Path tree = Files.createDirectory(directory.resolve("with-xattrs" + version));
      for (int i = 0; i < 12; i++) {
        Path file = Files.write(tree.resolve("file" + i), SmallTrees.words(i, 200));
        String value = "value" + i * (version + 1);
        Programs.run(List.of("setfattr", "-n", "user.v", "-v", value, file.toString()));
      }
      pair[version] = Images.make(tree, directory.resolve(version + ".x"), List.of());
    }
    assertTrue(roundTrip(pair[0], pair[1]).modelled());
    assertTrue(roundTrip(pair[1], image(1, "-comp zstd")).modelled());
  }

  @Test
  @DisplayName("takes images as they are whose metadata is unusual or damaged")
  void unusual() throws Exception {
    Path from = image(0, "-comp lz4 -b 4096 -noI");
    byte[] bytes = Files.readAllBytes(image(1, "-comp lz4 -b 4096 -noI"));
    Random random = new Random(2);
    int opaque = 0;
    for (int round = 0; round < MUTANTS; round++) {
      byte[] mutant = bytes.clone();
      for (int i = 0; i < 3; i++) {
        boolean head = random.nextInt(3) == 0;
        int at = head ? 32 + random.nextInt(64) : mutant.length - 1 - random.nextInt(30_000);
        mutant[at] = (byte) random.nextInt();
      }
      Path to = Files.write(directory.resolve("mutant"), mutant);
      opaque += roundTrip(from, to).modelled() ? 0 : 1;
      if (round % 4 == 0) {
        roundTrip(to, from);
      }
    }
    assertTrue(opaque > MUTANTS / 6, "only " + opaque + " had no model");
  }

  @Test
  @DisplayName("keeps what stands behind an image")
  void tail() throws Exception {
    Path from = image(0, "-comp lz4");
    byte[] bytes = Files.readAllBytes(image(1, "-comp lz4"));
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 300_000);
    longer[longer.length - 5] = 1;
    roundTrip(from, Files.write(directory.resolve("longer"), longer));
    longer[longer.length - 5] = 0;
    roundTrip(from, Files.write(directory.resolve("longer"), longer));
  }

  @Test
  @DisplayName("is the same each time, and alone in its directory")
  void reproducible() throws Exception {
    Path from = image(0, "-comp zstd -b 4096");
    Path to = image(1, "-comp zstd -b 4096");
    Path first = directory.resolve("first.sqdelta2");
    Path second = directory.resolve("second.sqdelta2");
    new Sqdelta2Maker().make(from, to, first, ProgressListener.NONE);
    new Sqdelta2Maker().make(from, to, second, ProgressListener.NONE);
    assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(second));
    assertTrue(Sqdelta2Info.isSqdelta2(first));
    assertFalse(Sqdelta2Info.isSqdelta2(from));
    Sqdelta2Info info = Sqdelta2Info.read(first);
    assertEquals(Files.size(to), info.targetLength());
    assertEquals(List.of("zstd level 15"), info.compressors());
    roundTrip(from, to);
    try (Stream<Path> left = Files.list(directory)) {
      assertEquals(4, left.count(), "these three and the image");
    }
  }
}
