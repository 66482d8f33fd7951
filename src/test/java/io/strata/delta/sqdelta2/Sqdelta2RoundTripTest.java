package io.strata.delta.sqdelta2;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.delta.Images;
import io.strata.delta.Programs;
import io.strata.delta.ProgressListener;
import java.io.IOException;
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
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("An .sqdelta2")
class Sqdelta2RoundTripTest {
  @TempDir Path directory;

  private Path tree(int version) throws IOException {
    Path tree = directory.resolve("tree" + version);
    if (!Files.exists(tree)) {
      Images.tree(tree, 7, version);
      Path large = Files.createDirectories(tree.resolve("d3/large"));
      for (int i = 0; i < 700; i++) {
        Files.createFile(large.resolve("a-name-that-takes-room-" + (i + version * 350)));
      }
      Files.createLink(tree.resolve("d2/another-name"), tree.resolve("d1/file1"));
      Files.createDirectories(tree.resolve("empty/" + version));
    }
    return tree;
  }

  private Path image(int version, String options) throws Exception {
    Path image = directory.resolve(version + ".sqfs");
    return Images.make(
        tree(version), image, Arrays.stream(options.split(" ")).filter(o -> !o.isEmpty()).toList());
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-comp gzip",
        "-comp gzip -Xcompression-level 1 -Xwindow-size 9 -b 4096",
        "-comp gzip -Xstrategy default,filtered,huffman_only,run_length_encoded,fixed",
        "-comp lzo",
        "-comp lzo -Xcompression-level 3 -b 16K",
        "-comp xz",
        "-comp xz -Xdict-size 50%",
        "-comp zstd",
        "-comp zstd -Xcompression-level 3 -b 1M",
        "-comp lz4",
        "-comp lz4 -Xhc -b 8K",
        "-comp zstd -no-fragments",
        "-comp lzo -always-use-fragments -no-exports",
        "-comp gzip -noI",
        "-comp gzip -noD",
        "-comp gzip -noF",
        "-comp gzip -noI -noD -noF -noX -noId",
        "-comp lz4 -no-duplicates -nopad",
        "-comp zstd -no-xattrs -no-sparse -b 4096"
      })
  @DisplayName("of images of mksquashfs has all blocks recompressed and the metadata predicted")
  void modelled(String options) throws Exception {
    Sqdelta2Maker.Result result = roundTrip(image(0, options), image(1, options));
    assertTrue(result.modelled(), result.toString());
    boolean stored = options.contains("-noD") || options.contains("-noF");
    assertTrue(stored || result.recompressed() > 0, result.toString());
    assertTrue(stored || result.verbatim() <= 2, result.toString());
    long whole = Files.size(directory.resolve("1.sqfs"));
    assertTrue(result.length() < whole / 3, result + ", image " + whole);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-comp xz -Xbcj x86,arm", "-comp lzo -Xalgorithm lzo1x_1", "-comp lzma"})
  @DisplayName("of what can't be compressed again here is right all the same")
  void irreproducible(String options) throws Exception {
    assertTrue(roundTrip(image(0, options), image(1, options)).modelled());
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "lzo", "xz", "zstd", "lz4"})
  @DisplayName("of images of squashfs-tools-ng has the metadata predicted")
  void toolsNg(String compression) throws Exception {
    Programs.needs("tar2sqfs");
    Path[] images = new Path[2];
    for (int version = 0; version < 2; version++) {
      images[version] = directory.resolve(version + ".ng");
      Programs.run(
          List.of(
              "sh",
              "-c",
              "tar -C %s --sort=name --mtime=@0 -cf - . | tar2sqfs -q -f -e -j 1 -c %s %s"
                  .formatted(tree(version), compression, images[version])));
    }
    Sqdelta2Maker.Result result = roundTrip(images[0], images[1]);
    assertTrue(result.modelled(), result.toString());
    long whole = Files.size(images[1]);
    assertTrue(result.length() < whole / 3, result + ", image " + whole);
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
    assertTrue(roundTrip(from, to).length() < Files.size(to) / 3);
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
  @DisplayName("keeps extended attributes")
  void xattrs() throws Exception {
    Programs.needs("setfattr");
    Path[] images = new Path[2];
    for (int version = 0; version < 2; version++) {
      Path tree = tree(version);
      for (int i = 1; i < 40; i++) {
        Path file = tree.resolve("d%d/file%d".formatted(i % 7, i));
        Programs.run(
            List.of("setfattr", "-n", "user.v", "-v", "value" + i * version, file.toString()));
      }
      images[version] = image(version, "-comp zstd");
    }
    assertTrue(roundTrip(images[0], images[1]).modelled());
  }

  @Test
  @DisplayName("takes images as they are whose metadata is unusual or damaged: 60 mutants")
  void unusual() throws Exception {
    Path from = image(0, "-comp lz4 -b 4096 -noI");
    byte[] bytes = Files.readAllBytes(image(1, "-comp lz4 -b 4096 -noI"));
    Random random = new Random(2);
    int opaque = 0;
    for (int round = 0; round < 60; round++) {
      byte[] mutant = bytes.clone();
      for (int i = 0; i < 3; i++) {
        boolean head = random.nextInt(3) == 0;
        int at = head ? 32 + random.nextInt(64) : mutant.length - 1 - random.nextInt(60_000);
        mutant[at] = (byte) random.nextInt();
      }
      Path to = Files.write(directory.resolve("mutant"), mutant);
      opaque += roundTrip(from, to).modelled() ? 0 : 1;
      if (round % 10 == 0) {
        roundTrip(to, from);
      }
    }
    assertTrue(opaque > 10, "only " + opaque + " had no model");
  }

  @Test
  @DisplayName("keeps what stands behind an image")
  void tail() throws Exception {
    Path from = image(0, "-comp lzo");
    byte[] bytes = Files.readAllBytes(image(1, "-comp lzo"));
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 300_000);
    longer[longer.length - 5] = 1;
    roundTrip(from, Files.write(directory.resolve("longer"), longer));
    longer[longer.length - 5] = 0;
    roundTrip(from, Files.write(directory.resolve("longer"), longer));
  }

  @Test
  @DisplayName("is the same each time")
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
  }

  @Test
  @DisplayName("leaves nothing beside the images that it makes")
  void leavesNothing() throws Exception {
    Path from = image(0, "-comp lzo");
    roundTrip(from, image(1, "-comp lzo"));
    try (Stream<Path> left = Files.list(directory)) {
      assertEquals(0, left.filter(path -> path.toString().endsWith(".part")).count());
    }
  }
}
