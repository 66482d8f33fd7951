package io.strata.squashfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.TestData;
import io.strata.compare.ImageComparison;
import io.strata.compare.TreeComparison;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("An image, read by the library and by the kernel, gives the same tree")
class ImageDifferentialTest {
  @TempDir static Path temp;
  private static Path tree;

  @BeforeAll
  static void makeTree() throws Exception {
    TestData.needsRoot();
    ImageTools.needs("mksquashfs");
    tree = SampleTree.make(temp.resolve("tree"));
  }

  @ParameterizedTest(name = "mksquashfs {0}")
  @ValueSource(
      strings = {
        "-comp gzip",
        "-comp lzo",
        "-comp lz4",
        "-comp lz4 -Xhc",
        "-comp xz -Xbcj x86",
        "-comp zstd",
        "-comp zstd -noI -noD -noF -noX",
        "-comp gzip -noI",
        "-comp zstd -no-fragments",
        "-comp lzo -always-use-fragments",
        "-comp zstd -b 4K",
        "-comp zstd -b 1M -always-use-fragments",
        "-comp gzip -no-exports -no-xattrs -nopad",
        "-comp lz4 -no-duplicates -no-hardlinks",
        "-comp zstd -all-root -noId"
      })
  void mksquashfs(String options) throws Exception {
    Path image = temp.resolve("image.sqfs");
    compare(ImageTools.mksquashfs(tree, image, options.split(" ")));
  }

  @ParameterizedTest(name = "gensquashfs -c {0}")
  @ValueSource(strings = {"gzip", "xz", "lz4", "zstd"})
  void gensquashfs(String compressor) throws Exception {
    ImageTools.needs("gensquashfs");
    Path image = temp.resolve("image.sqfs");
    ImageTools.run(
        "gensquashfs",
        "-q",
        "-f",
        "-x",
        "-k",
        "-e",
        "-c",
        compressor,
        "-D",
        tree.toString(),
        image.toString());
    compare(image);
  }

  @Test
  @DisplayName("tar2sqfs")
  void tar2sqfs() throws Exception {
    ImageTools.needs("tar2sqfs");
    Path image = temp.resolve("image.sqfs");
    String tar =
        "tar -C %s --xattrs --xattrs-include='*' -cf - . 2>/dev/null | tar2sqfs -q -f -c zstd %s"
            .formatted(tree, image);
    ImageTools.run("sh", "-c", tar);
    compare(image);
  }

  @Test
  @DisplayName("with a directory of 50,000 entries and a sparse file of 5 GiB")
  void large() throws Exception {
    Path large = Files.createDirectory(temp.resolve("large"));
    SampleTree.makeMany(Files.createDirectory(large.resolve("many")), 50_000);
    Path sparse = large.resolve("sparse");
    long gib = 1L << 30;
    SampleTree.makeSparse(sparse, 5 * gib + 1, gib, 4 * gib + 12345, 5 * gib);
    Path image = ImageTools.mksquashfs(large, temp.resolve("large.sqfs"), "-comp", "zstd");
    compare(image);
    try (SquashFsImage open = SquashFsImage.open(image)) {
      FileInode file =
          (FileInode)
              open.inode(open.lookup(open.root(), "sparse".getBytes(StandardCharsets.US_ASCII)));
      assertEquals(gib, open.seekData(file, 0));
      assertEquals(gib + 131072, open.seekHole(file, gib));
      assertEquals(0, open.seekHole(file, 0));
      assertEquals(5 * gib, open.seekData(file, 4 * gib + 131072));
      assertEquals(file.size(), open.seekHole(file, 5 * gib));
      assertEquals(-1, open.seekData(file, file.size()));
    }
  }

  @Test
  @DisplayName("for a real snapshot of 9,165 files")
  void snapshot() throws Exception {
    compare(TestData.shared("mirror/guru-20260630.sqfs"));
  }

  @Test
  @DisplayName("also at an offset in a file")
  void offset() throws Exception {
    Path image = ImageTools.mksquashfs(tree, temp.resolve("plain.sqfs"), "-comp", "zstd");
    Path wrapped = temp.resolve("wrapped");
    Files.write(wrapped, new byte[12345]);
    ImageTools.run("sh", "-c", "cat %s >> %s".formatted(image, wrapped));
    ImageOptions options = ImageOptions.defaults().withOffset(12345);
    try (ImageTools.KernelMount mount = ImageTools.KernelMount.of(image, temp);
        SquashFsImage open = SquashFsImage.open(wrapped, options)) {
      assertEquals(List.of(), ImageComparison.of(open, mount.path()).differences());
    }
  }

  @ParameterizedTest(name = "{0}: {1}")
  @DisplayName("with the options of its compressor")
  @CsvSource({
    "-comp gzip -Xcompression-level 3 -Xwindow-size 10, compression-level=3 window-size=10 strategy=0",
    "-comp lzo -Xalgorithm lzo1x_1, algorithm=0 compression-level=0",
    "-comp lz4, version=1 flags=0",
    "-comp lz4 -Xhc, version=1 flags=1",
    "-comp xz -Xdict-size 16K, dictionary-size=16384 flags=0",
    "-comp zstd -Xcompression-level 5, compression-level=5",
    "-comp gzip, ''"
  })
  void compressorOptions(String options, String expected) throws Exception {
    Path small = tree.resolve("links");
    Path image = ImageTools.mksquashfs(small, temp.resolve("options.sqfs"), options.split(" "));
    try (SquashFsImage open = SquashFsImage.open(image)) {
      String found =
          open.compressorOptions().entrySet().stream()
              .map(option -> option.getKey() + "=" + option.getValue())
              .collect(Collectors.joining(" "));
      assertEquals(expected, found);
    }
  }

  private static void compare(Path image) throws Exception {
    try (ImageTools.KernelMount mount = ImageTools.KernelMount.of(image, temp);
        SquashFsImage open = SquashFsImage.open(image)) {
      TreeComparison.Result result = ImageComparison.of(open, mount.path());
      assertEquals(List.of(), result.differences());
      assertTrue(result.entries() > 3000, "entries: " + result.entries());
      List<ImageProblem> problems = new ArrayList<>();
      VerifyReport report = new ImageVerifier(open, 2, listener(problems)).run();
      assertEquals(List.of(), problems);
      assertTrue(report.isSound());
    }
  }

  private static VerifyListener listener(List<ImageProblem> problems) {
    return new VerifyListener() {
      @Override
      public void progress(long done, long total) {
        assertTrue(done <= total);
      }

      @Override
      public void problem(ImageProblem problem) {
        problems.add(problem);
      }
    };
  }
}
