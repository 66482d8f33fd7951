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
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("An image, read by the library and by the kernel, gives the same tree")
class ImageDifferentialTest {
  private static final int MOST = 3000;
  private static final int FEW = 300;

  @TempDir static Path temp;
  private static Path tree = Path.of("");
  private static Path files = Path.of("");
  private static Path image = Path.of("");

  @BeforeAll
  static void makeTree() throws Exception {
    TestData.needsRoot();
    ImageTools.needs("mksquashfs");
    tree = SampleTree.make(temp.resolve("tree"));
    files = tree.resolve("files");
    image = temp.resolve("image.sqfs");
  }

  @ParameterizedTest(name = "mksquashfs {0}")
  @ValueSource(
      strings = {
        "-comp gzip",
        "-comp lzo",
        "-comp lz4",
        "-comp xz",
        "-comp zstd",
        "-comp zstd -noId -noI -noD -noF -noX",
        "-comp gzip -noI",
        "-comp lz4 -noX -noF -noId",
        "-comp zstd -no-fragments",
        "-comp lzo -always-use-fragments -no-sparse",
        "-comp zstd -b 4K",
        "-comp lz4 -b 4K -always-use-fragments -no-exports",
        "-comp zstd -b 1M -always-use-fragments",
        "-comp gzip -no-exports -no-xattrs -nopad",
        "-comp lz4 -no-duplicates -no-hardlinks",
        "-comp lzo -root-mode 0711 -root-uid 7 -root-gid 8 -root-time 5 -keep-as-directory",
        "-comp lz4 -all-time 4294967295 -mkfs-time 4294967295 -force-uid 65535 -force-gid 70000",
        "-comp zstd -all-time 0 -mkfs-time 0 -all-root -noId"
      })
  void mksquashfs(String options) throws Exception {
    compare(ImageTools.mksquashfs(tree, image, options.split(" ")), MOST);
  }

  @ParameterizedTest(name = "mksquashfs {0}")
  @DisplayName("whatever its compressor was told")
  @ValueSource(
      strings = {
        "-comp gzip -Xcompression-level 1 -Xwindow-size 8 -b 4K",
        "-comp gzip -Xstrategy default,filtered,huffman_only,run_length_encoded,fixed -b 16K",
        "-comp lzo -Xalgorithm lzo1x_1 -b 32K",
        "-comp lzo -Xalgorithm lzo1x_1_11 -b 256K",
        "-comp lzo -Xalgorithm lzo1x_1_12 -b 8K",
        "-comp lzo -Xalgorithm lzo1x_1_15",
        "-comp lzo -Xalgorithm lzo1x_999 -Xcompression-level 1 -b 1M",
        "-comp lz4 -b 1M",
        "-comp lz4 -Xhc -b 64K",
        "-comp xz -Xbcj x86,arm,armthumb,powerpc,sparc -b 8K",
        "-comp xz -Xdict-size 8K -b 1M",
        "-comp xz -Xdict-size 75% -b 64K",
        "-comp zstd -Xcompression-level 1 -b 8K",
        "-comp zstd -Xcompression-level 22 -b 512K"
      })
  void compressors(String options) throws Exception {
    compare(ImageTools.mksquashfs(files, image, options.split(" ")), FEW);
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName(
      "with a filter of xz for machine code; the kernel, which lacks one, reads a gzip image")
  @EnumSource
  void filters(MachineCode code) throws Exception {
    Path directory = Files.createDirectories(temp.resolve("code-" + code));
    Files.write(directory.resolve("code"), code.make(200_000));
    String filter = code.name().toLowerCase(Locale.ROOT);
    ImageTools.mksquashfs(directory, image, "-comp", "xz");
    long unfiltered = Files.size(image);
    ImageTools.mksquashfs(directory, image, "-comp", "xz", "-Xbcj", filter);
    assertTrue(Files.size(image) < unfiltered, "mksquashfs took the filter");
    compare(image, ImageTools.mksquashfs(directory, temp.resolve("gzip")), 2);
  }

  @Test
  @DisplayName("as lzma, which no kernel reads: it reads a gzip image")
  void lzma() throws Exception {
    ImageTools.mksquashfs(files, image, "-comp", "lzma");
    compare(image, ImageTools.mksquashfs(files, temp.resolve("gzip")), FEW);
  }

  @Test
  @DisplayName("with pseudo files and with actions")
  void pseudoFiles() throws Exception {
    Path definitions = temp.resolve("definitions");
    Files.writeString(
        definitions,
        """
        pseudo d 0755 1 2
        pseudo/block b 0660 0 6 259 70000
        pseudo/char c 0666 0 0 1 3
        pseudo/made f 04644 3 4 seq 1 100000
        pseudo/empty f 0600 3 4 true
        pseudo/link s 0777 0 0 some/where
        pseudo/socket i 0700 0 0 s
        pseudo/fifo i 0700 0 0 f
        pseudo/hard L pseudo/made
        pseudo/old D 1 0711 0 0
        pseudo/new F 4294967295 0644 0 0 echo new
        """);
    ImageTools.mksquashfs(
        files,
        image,
        "-pf",
        definitions.toString(),
        "-action",
        "fragment(a)@name(noise*)",
        "-action",
        "fragments@filesize(<200000)",
        "-action",
        "no-fragments@name(text*)",
        "-action",
        "uncompressed@name(small-1*)",
        "-action",
        "tailend@filesize(>100000)");
    compare(image, FEW);
  }

  @ParameterizedTest(name = "gensquashfs {0}")
  @ValueSource(
      strings = {
        "-c gzip -X level=2,window=9,filtered,huffman,rle,fixed -k -x -e",
        "-c xz -X x86,powerpc,arm,armthumb,sparc,dictsize=65536 -b 65536 -k -x",
        "-c xz -X lc=1,lp=2,pb=1,level=3,extreme -k -T",
        "-c lz4 -X hc -j 3 -k -o -e",
        "-c lzo -X level=9 -b 1048576 -B 1024 -d uid=7,gid=8,mode=0700,mtime=99",
        "-c zstd -X level=19 -b 4096 -T -k -x -e --set-uid 5 --set-gid 70000"
      })
  void gensquashfs(String options) throws Exception {
    gensquashfs(tree, options.split(" "));
    compare(image, MOST);
  }

  private static void gensquashfs(Path packed, String... options) throws Exception {
    ImageTools.needs("gensquashfs");
    List<String> command = new ArrayList<>(List.of("gensquashfs", "-q", "-f", "-D"));
    command.add(packed.toString());
    command.addAll(List.of(options));
    command.add(image.toString());
    ImageTools.run(command.toArray(String[]::new));
  }

  @Test
  @DisplayName("gensquashfs with a list of files, and of attributes: many, the largest, shared")
  void gensquashfsByLists() throws Exception {
    Path list = temp.resolve("list");
    Files.writeString(
        list,
        """
        dir /dev 0755 0 0
        nod /dev/console 0600 0 0 c 5 1
        nod /dev/large 0660 0 6 b 4095 1048575
        slink /lib 0777 0 0 /usr/lib
        file /sbin/init 04755 70000 80000 text-4097
        link /init 0777 0 0 /sbin/init
        file "/opt/my app/\\"special\\"/data" 0600 0 0 text-131073
        pipe /run/fifo 0600 0 0
        sock /run/sock 0600 0 0
        """);
    gensquashfs(files, "-F", list.toString(), "-c", "zstd", "-e");
    compare(image, 14);
    StringBuilder attributes = new StringBuilder("# file: text-100\n");
    for (int i = 0; i < 300; i++) {
      attributes.append("user.number%d=\"%s\"\n".formatted(i, "v".repeat(i)));
    }
    byte[] largest = new byte[65535]; // XATTR_SIZE_MAX less one
    new Random(1).nextBytes(largest);
    for (String file : List.of("text-0", "text-1", "text-4096")) {
      attributes.append("\n# file: %s\nuser.own=\"%s\"\n".formatted(file, file));
      attributes
          .append("user.empty=\"\"\ntrusted.large=0x")
          .append(HexFormat.of().formatHex(largest));
      attributes.append("\nsecurity.selinux=\"system_u:object_r:device_t:s0\"\n");
    }
    Path xattrs = Files.writeString(temp.resolve("xattrs"), attributes);
    gensquashfs(files, "-A", xattrs.toString(), "-c", "lz4", "-b", "4096");
    compare(image, FEW);
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("made of an archive by")
  @ValueSource(
      strings = {
        "tar --xattrs --xattrs-include=* -S --format=posix -c . | tar2sqfs -q -f -e -c zstd",
        "tar --sparse-version=0.0 -S --format=posix -c . | tar2sqfs -q -f -T -c lzo -b 4096",
        "tar -S --format=gnu -c . | tar2sqfs -q -f -k -x -c xz -j 2",
        "tar --xattrs --xattrs-include=* --format=posix -c * | mksquashfs - -tar -noappend -quiet"
      })
  void archives(String commands) throws Exception {
    ImageTools.needs("tar2sqfs");
    String[] parts = commands.split(" \\| ");
    String reader = parts[1].replaceFirst("mksquashfs -", "mksquashfs - " + image);
    String target = reader.equals(parts[1]) ? " " + image : "";
    String line = "cd %s && %s 2>/dev/null | %s%s".formatted(tree, parts[0], reader, target);
    ImageTools.run("sh", "-c", line);
    compare(image, MOST);
  }

  @Test
  @DisplayName("with a directory of 50,000 entries")
  void large() throws Exception {
    Path large = Files.createDirectory(temp.resolve("large"));
    SampleTree.makeMany(large, 50_000);
    compare(ImageTools.mksquashfs(large, image, "-comp", "zstd"), MOST);
  }

  @Test
  @DisplayName("with the holes of a sparse file of 5 GiB")
  void sparse() throws Exception {
    Path directory = Files.createDirectory(temp.resolve("sparse"));
    long gib = 1L << 30;
    SampleTree.makeSparse(directory.resolve("sparse"), 5 * gib + 1, gib, 4 * gib + 12345, 5 * gib);
    long block = 128 << 10;
    ImageTools.tar2sqfs(directory, image);
    try (SquashFsImage open = SquashFsImage.open(image)) {
      FileInode file =
          (FileInode)
              open.inode(open.lookup(open.root(), "sparse".getBytes(StandardCharsets.US_ASCII)));
      assertEquals(gib, open.seekData(file, 0));
      assertEquals(gib + block, open.seekHole(file, gib));
      assertEquals(0, open.seekHole(file, 0));
      assertEquals(5 * gib, open.seekData(file, 4 * gib + block));
      assertEquals(file.size(), open.seekHole(file, 5 * gib));
      assertEquals(-1, open.seekData(file, file.size()));
    }
  }

  @Test
  @DisplayName("for a real snapshot of 9,165 files")
  void snapshot() throws Exception {
    compare(TestData.shared("mirror/guru-20260630.sqfs"), MOST);
  }

  @Test
  @DisplayName("also at an offset in a file")
  void offset() throws Exception {
    ImageTools.mksquashfs(tree, image, "-comp", "zstd");
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

  private static void compare(Path image, int entries) throws Exception {
    compare(image, image, entries);
  }

  /** Compares an image with the kernel's mount of another with the same content. */
  private static void compare(Path image, Path mounted, int entries) throws Exception {
    try (ImageTools.KernelMount mount = ImageTools.KernelMount.of(mounted, temp);
        SquashFsImage open = SquashFsImage.open(image)) {
      TreeComparison.Result result = ImageComparison.of(open, mount.path());
      assertEquals(List.of(), result.differences());
      assertTrue(result.entries() >= entries, "entries: " + result.entries());
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
