package io.strata.union;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.TestData;
import io.strata.squashfs.ImageTools;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What others do to the layers between two mounts, and what kernel overlayfs leaves there. */
@DisplayName("An upper that others had in their hands meanwhile")
class OfflineChangesIT {
  @TempDir Path directory;

  private Path lower;
  private Path upper;

  @BeforeEach
  void build() throws Exception {
    TestData.needsRoot();
    TestData.needsFuse();
    lower = directory.resolve("lower");
    Files.createDirectories(lower.resolve("dir"));
    Files.writeString(lower.resolve("file"), "data");
    Files.writeString(lower.resolve("dir/inside"), "data");
    upper = directory.resolve("upper");
  }

  private UnionMount mount() throws Exception {
    return UnionMount.of(directory, List.of(new LowerLayer.Directory(lower)));
  }

  private static long inode(Path path) throws Exception {
    return (long) Files.getAttribute(path, "unix:ino", LinkOption.NOFOLLOW_LINKS);
  }

  private static void append(Path path, String text) throws Exception {
    Files.writeString(path, text, StandardOpenOption.APPEND);
  }

  private void copy(String from, String to) throws Exception {
    ImageTools.run("cp", "-a", upper.resolve(from).toString(), upper.resolve(to).toString());
  }

  @Test
  @DisplayName("has a number for each copy of a copied-up file or directory, so that none is lost")
  void copies() throws Exception {
    long first;
    try (UnionMount union = mount()) {
      append(union.path().resolve("file"), "1");
      append(union.path().resolve("dir/inside"), "1");
      Files.move(union.path().resolve("dir"), union.path().resolve("moved"));
      first = inode(union.path().resolve("file"));
    }
    copy("file", "file2");
    copy("moved", "moved2");
    append(upper.resolve("file2"), "2");
    append(upper.resolve("moved2/inside"), "2");
    try (UnionMount union = mount()) {
      Path root = union.path();
      assertEquals(first, inode(root.resolve("file")));
      List<String> all =
          List.of("file", "file2", "moved", "moved2", "moved/inside", "moved2/inside");
      Set<Long> numbers = new HashSet<>();
      for (String name : all) {
        assertTrue(numbers.add(inode(root.resolve(name))), name);
      }
      assertEquals("data1", Files.readString(root.resolve("moved/inside")));
      assertEquals("data12", Files.readString(root.resolve("moved2/inside")));
      append(root.resolve("file2"), "3");
      assertEquals("data1", Files.readString(root.resolve("file")));
      assertEquals("data123", Files.readString(root.resolve("file2")));
      String listed = "ls -i1 | awk -v name=$f '$2 == name { print $1 }'"; // as readdir(3) has it
      String check = "cd " + root + "; for f in *; do [ $(%s) = $(stat -c %%i $f) ]; done";
      ImageTools.run("bash", "-ec", check.formatted(listed));
    }
  }

  @Test
  @DisplayName("tells names that a lower file got since from those of its former copy")
  void newLinks() throws Exception {
    try (UnionMount union = mount()) {
      append(union.path().resolve("file"), "1");
    }
    Files.createLink(lower.resolve("second"), lower.resolve("file"));
    Files.createLink(lower.resolve("third"), lower.resolve("file"));
    try (UnionMount union = mount()) {
      Path root = union.path();
      assertEquals("data1", Files.readString(root.resolve("file")));
      assertEquals("data", Files.readString(root.resolve("second")));
      assertNotEquals(inode(root.resolve("file")), inode(root.resolve("second")));
      assertEquals(inode(root.resolve("second")), inode(root.resolve("third")));
      append(root.resolve("third"), "3");
      assertEquals("data3", Files.readString(root.resolve("second")));
      assertEquals("data1", Files.readString(root.resolve("file")));
    }
  }

  @Test
  @DisplayName("is not used with the index of another upper")
  void foreignIndex() throws Exception {
    Files.createLink(lower.resolve("second"), lower.resolve("file"));
    try (UnionMount union = mount()) {
      append(union.path().resolve("file"), "1");
    }
    ImageTools.run("cp", "-a", upper.toString(), directory.resolve("kept").toString());
    ImageTools.run("bash", "-ec", "rm -r " + upper + "; mkdir " + upper);
    String message = String.valueOf(assertThrows(UnionException.class, this::mount).getMessage());
    assertTrue(message.contains("work directory of another upper"), message);
    ImageTools.run("bash", "-ec", "rm -r " + upper + "; mv " + directory + "/kept " + upper);
    try (UnionMount union = mount()) {
      assertEquals("data1", Files.readString(union.path().resolve("second")));
    }
  }

  @Test
  @DisplayName(
      "is written with user.overlay.* and metadata alone where asked, and says where copies are")
  void features() throws Exception {
    UpperFeatures features =
        new UpperFeatures(UpperFeatures.RedirectDir.ON, true).withUserXattrs().withEveryMetacopy();
    List<LowerLayer> lowers = List.of(new LowerLayer.Directory(lower));
    try (UnionMount union = UnionMount.with(features, directory, lowers)) {
      ImageTools.run("chmod", "600", union.path().resolve("file").toString());
      Files.move(union.path().resolve("dir"), union.path().resolve("moved"));
      assertEquals("data", Files.readString(union.path().resolve("file")));
      Path pure = Files.createDirectories(union.path().resolve("pure/linked"));
      Files.createLink(pure.resolve("link"), union.path().resolve("file"));
      Files.move(union.path().resolve("moved/inside"), pure.resolveSibling("inside"));
      Files.move(pure.resolveSibling("inside"), union.path().resolve("moved/inside"));
    }
    assertEquals("y", attribute("pure", "user.overlay.impure"));
    assertEquals("y", attribute("pure/linked", "user.overlay.impure"));
    assertEquals("", attribute("file", "user.overlay.metacopy"));
    assertEquals("/dir", attribute("moved", "user.overlay.redirect"));
    try (UnionMount union = mount()) {
      append(union.path().resolve("file"), "1");
      assertEquals("data1", Files.readString(union.path().resolve("file")));
      assertEquals("data", Files.readString(union.path().resolve("moved/inside")));
    }
  }

  @Test
  @DisplayName("may lie on layers of which only data shows")
  void dataOnly() throws Exception {
    Path meta = Files.createDirectory(directory.resolve("meta"));
    Path first = directory.resolve("first");
    Path second = directory.resolve("second");
    Files.createDirectories(first.resolve("deep"));
    Files.createDirectories(second.resolve("deep"));
    for (String name : List.of("both", "one", "none")) {
      ImageTools.run("truncate", "-s", "4", meta.resolve(name).toString());
      mark(meta.resolve(name), "metacopy", "");
      mark(meta.resolve(name), "redirect", "/deep/" + name);
    }
    Files.writeString(first.resolve("deep/both"), "1st.");
    Files.writeString(second.resolve("deep/both"), "2nd.");
    Files.writeString(second.resolve("deep/one"), "2nd.");
    List<LowerLayer> lowers =
        List.of(
            new LowerLayer.Directory(meta),
            new LowerLayer.DataOnly(new LowerLayer.Directory(first)),
            new LowerLayer.DataOnly(new LowerLayer.Directory(second)));
    try (UnionMount union = UnionMount.of(directory, lowers)) {
      Path root = union.path();
      assertEquals("1st.", Files.readString(root.resolve("both")));
      assertEquals("2nd.", Files.readString(root.resolve("one")));
      assertEquals(4, Files.size(root.resolve("none")));
      assertThrows(NoSuchFileException.class, () -> Files.readString(root.resolve("none")));
      assertTrue(Files.notExists(root.resolve("deep")));
      append(root.resolve("one"), "+");
      Files.move(root.resolve("both"), root.resolve("moved"));
    }
    try (UnionMount union = UnionMount.of(directory, lowers)) {
      assertEquals("2nd.+", Files.readString(union.path().resolve("one")));
      assertEquals("1st.", Files.readString(union.path().resolve("moved")));
    }
    List<LowerLayer> wrong = List.of(lowers.get(1), lowers.get(0));
    assertThrows(UnionException.class, () -> UnionMount.of(directory, wrong));
  }

  private static void mark(Path file, String name, String value) throws Exception {
    ImageTools.run("setfattr", "-n", "trusted.overlay." + name, "-v", value, file.toString());
  }

  @Test
  @DisplayName("has one inode for the whiteouts of lower names, and takes another when that went")
  void whiteouts() throws Exception {
    for (String name : List.of("a", "b", "c", "d")) {
      Files.createFile(lower.resolve(name));
    }
    try (UnionMount union = mount()) {
      Path root = union.path();
      Files.delete(root.resolve("a"));
      Files.delete(root.resolve("b"));
      assertEquals(inode(upper.resolve("a")), inode(upper.resolve("b")));
      Files.createFile(root.resolve("a"));
      Files.createDirectory(root.resolve("b"));
      Files.delete(root.resolve("c"));
      Files.delete(root.resolve("d"));
      assertEquals(2, Files.getAttribute(upper.resolve("d"), "unix:nlink"));
    }
    try (UnionMount union = mount()) {
      ImageTools.run("bash", "-ec", "[ \"$(ls " + union.path() + " | tr -d '\\n')\" = abdirfile ]");
    }
  }

  private String attribute(String file, String name) throws Exception {
    Object value = Files.getAttribute(upper.resolve(file), "user:" + name.substring(5));
    return new String((byte[]) value, StandardCharsets.UTF_8);
  }
}
