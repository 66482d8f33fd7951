package io.strata.squashfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.TestData;
import io.strata.compare.ImageComparison;
import io.strata.compare.TreeComparison;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("An image that no common program makes, but that the format allows,")
class UnusualImageTest {
  private static final int ENTRIES = 7;
  private static final long FAR = (1L << 32) + 4096;

  @TempDir static Path shared;
  private static Path indexed = Path.of("");

  @TempDir Path temp;

  @BeforeAll
  static void makeIndexed() throws Exception {
    TestData.needsRoot();
    Path tree = Files.createDirectory(shared.resolve("tree"));
    SampleTree.makeMany(tree, 1000);
    indexed = ImageTools.mksquashfs(tree, shared.resolve("image"), "-noI");
  }

  private void compare(Path image, int entries) throws Exception {
    try (ImageTools.KernelMount mount = ImageTools.KernelMount.of(image, temp);
        SquashFsImage open = SquashFsImage.open(image)) {
      TreeComparison.Result result = ImageComparison.of(open, mount.path());
      assertEquals(List.of(), result.differences());
      assertEquals(entries, result.entries());
      assertEquals(List.of(), problems(open));
    }
  }

  private static List<String> problems(SquashFsImage image) throws Exception {
    List<String> found = new ArrayList<>();
    VerifyListener listener =
        new VerifyListener() {
          @Override
          public void progress(long done, long total) {}

          @Override
          public void problem(ImageProblem problem) {
            found.add(problem.path());
          }
        };
    new ImageVerifier(image, 1, listener).run();
    return found;
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("with inodes and directories laid out otherwise, is read as the kernel reads it")
  @EnumSource
  void layouts(HandMadeImage.Layout layout) throws Exception {
    compare(new HandMadeImage(layout).write(temp.resolve("image")), ENTRIES);
  }

  @ParameterizedTest(name = "{0} = {1}: {2}")
  @DisplayName("with a table absent or a count that is higher, is read as the kernel reads it")
  @CsvSource({
    "sb.lookup_table, -1, 8, no export table",
    "sb.inodes, 100, 4, an export table for more inodes than there are",
    "sb.flags, 0, 2, flags that say nothing of what is there",
    "sb.mkfs_time, -1, 4, made in 2106",
    "root.file_size, 3, 4, a root without entries",
    "big.fragment, 0, 4, nothing unusual"
  })
  void fields(String field, long value, int size, String what) throws Exception {
    Path image = new HandMadeImage().set(field, value, size).write(temp.resolve("image"));
    compareTree(image);
  }

  private void compareTree(Path image) throws Exception {
    try (ImageTools.KernelMount mount = ImageTools.KernelMount.of(image, temp);
        SquashFsImage open = SquashFsImage.open(image)) {
      assertEquals(List.of(), ImageComparison.of(open, mount.path()).differences());
    }
  }

  @Test
  @DisplayName("without an xattr table, though an inode has an index into it, is read so too")
  void noXattrs() throws Exception {
    HandMadeImage made = new HandMadeImage();
    made.set("sb.xattr_table", -1, 8).set("sb.bytes_used", made.at("xattrs.header"), 8);
    compareTree(made.write(temp.resolve("image")));
  }

  @Test
  @DisplayName("without fragments, and with no table of them, is read but for the tails")
  void noFragments() throws IOException {
    HandMadeImage made = new HandMadeImage();
    made.set("sb.fragments", 0, 4).set("sb.fragment_table", -1, 8);
    Path image = made.write(temp.resolve("image"));
    assertEquals(Set.of("/big", "/ext"), WholeImage.failures(image, WholeImage.newBuffer()));
  }

  @Test
  @DisplayName("with its tables more than 4 GiB behind the start is read as the kernel reads it")
  void far() throws Exception {
    compare(new HandMadeImage().writeFar(temp.resolve("image"), FAR), ENTRIES);
  }

  @Test
  @DisplayName("with anything behind its end is read as the kernel reads it")
  void padding() throws Exception {
    Path image = new HandMadeImage().write(temp.resolve("image"));
    byte[] behind = new byte[1_000_000];
    Arrays.fill(behind, (byte) 0x73);
    Files.write(image, behind, StandardOpenOption.APPEND);
    compare(image, ENTRIES);
  }

  @ParameterizedTest(name = "byte {0} of the entry: {1}")
  @DisplayName("with a wrong directory index: all is found all the same, and verification says so")
  @CsvSource({
    "0, 1, a place in the midst of a run",
    "1, 127, a place beyond the listing",
    "4, 1, a block that is none",
    "7, 127, a block beyond the table",
    "8, 100, the length of its name",
    "11, 127, a name of gigabytes",
    "12, 1, its name"
  })
  void wrongIndex(int at, int flip, String what) throws Exception {
    Path image = Files.copy(indexed, temp.resolve("image"));
    try (SquashFsImage open = SquashFsImage.open(image)) {
      assertTrue(open.root().indexEntries() > 3);
      flip(image, open.superblock().inodeTableStart(), open.root().indexReference() + at, flip);
    }
    try (ImageTools.KernelMount mount = ImageTools.KernelMount.of(indexed, temp);
        SquashFsImage open = SquashFsImage.open(image)) {
      assertEquals(List.of(), ImageComparison.of(open, mount.path()).differences());
      assertFalse(problems(open).isEmpty());
    }
  }

  /** Flips bits of a byte in a table whose blocks are stored as they are. */
  private static void flip(Path image, long table, long reference, int bits) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      long position = table + (reference >>> 16) + MetadataBlock.HEADER_SIZE + (reference & 0xffff);
      file.seek(position);
      int before = file.read();
      file.seek(position);
      file.write(before ^ bits);
    }
  }
}
