package io.strata.squashfs.tree;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.TestData;
import io.strata.compare.Aspect;
import io.strata.compare.TreeComparison;
import io.strata.posix.Posix;
import io.strata.squashfs.HandMadeImage;
import io.strata.squashfs.ImageTools;
import io.strata.squashfs.SampleTree;
import io.strata.squashfs.SquashFsImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Extracting an image")
class ExtractorTest {
  @TempDir Path directory;
  private final List<String> said = new ArrayList<>();

  @Test
  @DisplayName("gives the tree back with everything that an image holds")
  void wholeTree() throws Exception {
    TestData.needsRoot();
    Path tree = SampleTree.make(directory.resolve("tree"));
    Path image = ImageTools.mksquashfs(tree, directory.resolve("image"), "-comp", "lz4");
    Path target = directory.resolve("new/target");
    ExtractReport report = extract(image, target, ImagePath.ROOT);
    assertEquals(List.of(), said);
    assertEquals(0, report.damaged() + report.failed() + report.ownersLost());
    try (ImageTools.KernelMount mount = ImageTools.KernelMount.of(image, directory)) {
      TreeComparison.Result result =
          TreeComparison.of(mount.path(), target)
              .without(Aspect.INODE_NUMBER, Aspect.DIRECTORY_SIZE)
              .run();
      assertEquals(List.of(), result.differences());
      assertEquals(report.files(), result.entries() - 1); // the root is nobody's entry
    }
  }

  @Test
  @DisplayName("gives only what is named, with the directories above it")
  void parts() throws Exception {
    Path image = handMade(new HandMadeImage());
    Path target = directory.resolve("target");
    ExtractReport report = extract(image, target, path("link"), path("sub"));
    assertEquals(2, report.files());
    assertEquals(List.of("link", "sub"), names(target));
    assertEquals(Path.of("big"), Files.readSymbolicLink(target.resolve("link")));
  }

  @Test
  @DisplayName("never writes into a directory that holds something")
  void notEmpty() throws Exception {
    Path image = handMade(new HandMadeImage());
    Path target = Files.createDirectory(directory.resolve("target"));
    Files.writeString(target.resolve("mine"), "mine");
    IOException e = assertThrows(IOException.class, () -> extract(image, target, ImagePath.ROOT));
    assertTrue(e.toString().contains("is not empty"), e.toString());
    assertEquals(List.of("mine"), names(target));
  }

  @Test
  @DisplayName("leaves names out that lead elsewhere, and makes what stands before them")
  void hostileNames() throws Exception {
    // "../sub" and "..": both have as many bytes as the names in their places.
    Path slash = handMade(new HandMadeImage().set("entry.fifo.name", 0x782f2e2eL, 4)); // "../x"
    Path target = directory.resolve("inside/target");
    ExtractReport report = extract(slash, target, ImagePath.ROOT);
    assertEquals(1, report.damaged());
    assertEquals(List.of("target"), names(directory.resolve("inside")));
    assertFalse(Files.exists(directory.resolve("inside/x"), LinkOption.NOFOLLOW_LINKS));
    assertFalse(Files.exists(target.resolve("link"), LinkOption.NOFOLLOW_LINKS));
    assertTrue(said.getFirst().contains("a slash"), said.getFirst());
    assertTrue(Files.isRegularFile(target.resolve("big")));
  }

  @Test
  @DisplayName("writes through no link of the image that has the name of a directory or file")
  void linkUnderTheSameName() throws Exception {
    Path outside = Files.createDirectory(directory.resolve("outside"));
    // "link" is renamed to "fifo", which is listed before: the second one must not be made.
    Path image = handMade(new HandMadeImage().set("entry.link.name", 0x6f666966L, 4));
    ExtractReport report = extract(image, directory.resolve("target"), ImagePath.ROOT);
    assertEquals(1, report.damaged());
    assertTrue(said.getFirst().contains("not behind the one before"), said.getFirst());
    assertEquals(List.of(), names(outside));
  }

  @Test
  @DisplayName("does not go round in a directory that holds itself")
  void loop() throws Exception {
    HandMadeImage image = new HandMadeImage();
    int root = image.at("root.type") - image.at("big.type"); // offsets in the inode block
    // The entry "sub" leads to the root.
    Path file = handMade(image.set("entry.sub.offset", root, 2));
    ExtractReport report = extract(file, directory.resolve("target"), ImagePath.ROOT);
    assertEquals(1, report.damaged());
    assertTrue(said.getFirst().startsWith("sub: "), said.toString());
  }

  @Test
  @DisplayName("leaves no half of a file whose data is damaged, and goes on")
  void damagedData() throws Exception {
    // The block of "big" is said to begin behind the end of the image.
    Path file = handMade(new HandMadeImage().set("big.start_block", 1 << 30, 4));
    Path target = directory.resolve("target");
    ExtractReport report = extract(file, target, ImagePath.ROOT);
    assertEquals(1, report.damaged());
    assertFalse(Files.exists(target.resolve("big")));
    assertEquals("hello", Files.readString(target.resolve("ext")));
  }

  @Test
  @DisplayName("keeps holes: five gigabytes of nothing take no room")
  void sparse() throws Exception {
    Path tree = Files.createDirectory(directory.resolve("tree"));
    SampleTree.makeSparse(tree.resolve("sparse"), 5L << 30, 0, (5L << 30) - 1);
    Path image = ImageTools.tar2sqfs(tree, directory.resolve("image"));
    Path target = directory.resolve("target");
    extract(image, target, ImagePath.ROOT);
    assertEquals(5L << 30, Files.size(target.resolve("sparse")));
    Object blocks = Files.getAttribute(target.resolve("sparse"), "unix:ctime");
    assertTrue(blocks != null);
    Process du = new ProcessBuilder("du", "-k", target.resolve("sparse").toString()).start();
    String text = new String(du.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(Long.parseLong(text.split("\t", -1)[0]) < 1024, text);
  }

  private ExtractReport extract(Path image, Path target, ImagePath... paths) throws IOException {
    try (SquashFsImage opened = SquashFsImage.open(image)) {
      return new Extractor(opened, Posix.system(), new Heard()).extract(List.of(paths), target);
    }
  }

  private Path handMade(HandMadeImage image) throws IOException {
    TestData.needsRoot(); // it holds a device
    return image.write(directory.resolve("image.sqfs"));
  }

  private static ImagePath path(String name) {
    return new ImagePath(List.of(name.getBytes(StandardCharsets.US_ASCII)));
  }

  private static List<String> names(Path of) throws IOException {
    try (var all = Files.list(of)) {
      return all.map(path -> path.getFileName() + "").sorted().toList();
    }
  }

  @Test
  @DisplayName("names are shown with everything escaped that is no plain letter")
  void shownNames() {
    assertEquals(
        "a\\x0ab\\xe9\\x5c", ImagePath.show(new byte[] {'a', '\n', 'b', (byte) 0xe9, '\\'}));
    assertArrayEquals(new byte[] {'.'}, ImagePath.ROOT.bytes());
  }

  private final class Heard implements ExtractListener {
    @Override
    public void progress(long done, long total) {
      assertTrue(done >= 1 && done <= Math.max(total, done));
    }

    @Override
    public void failed(ImagePath path, IOException why) {
      said.add(path + ": " + why.getMessage());
    }

    @Override
    public void skipped(ImagePath path, String why) {
      said.add(path + ": " + why);
    }
  }
}
