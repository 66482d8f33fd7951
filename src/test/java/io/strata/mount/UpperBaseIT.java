package io.strata.mount;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.mount.SwitchResult.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An upper layer stays with what it lies on")
class UpperBaseIT extends MountFixture {
  private static final String RECORD = "trusted.overlay.strata.base";

  private Path upper = Path.of("");
  private Path other = Path.of("");

  @BeforeEach
  void use() throws Exception {
    upper = directory.resolve("upper");
    other = image("other", "two");
  }

  private void mountAndUnmount(Object... arguments) throws Exception {
    mountAndUnmount(image, arguments);
  }

  private void mountAndUnmount(Path what, Object... arguments) throws Exception {
    mountedOnce(what, arguments).expect(0);
  }

  private Strata.Outcome mountedOnce(Object what, Object... arguments) throws Exception {
    Object[] all = new Object[arguments.length + 5];
    Object[] head = {"mount", what, mountPoint, "--upper", upper};
    System.arraycopy(head, 0, all, 0, head.length);
    System.arraycopy(arguments, 0, all, head.length, arguments.length);
    Strata.Outcome outcome = strata.run(all);
    if (outcome.code() == 0) {
      strata.run("umount", mountPoint).expect(0);
    }
    return outcome;
  }

  private String record() throws Exception {
    return Strata.tool("getfattr", "--only-values", "-n", RECORD, upper.toString());
  }

  @Test
  @DisplayName("the image of its first use, wherever that lies by now")
  void sameImage() throws Exception {
    mountAndUnmount();
    assertTrue(record().contains("digest sha256:"), record());
    Path moved = Files.move(image, directory.resolve("moved.sqfs"));
    Files.setLastModifiedTime(moved, java.nio.file.attribute.FileTime.fromMillis(0));
    mountAndUnmount(moved);
  }

  @Test
  @DisplayName("another image is refused, nothing changes, and the message says what to do")
  void otherImage() throws Exception {
    mountAndUnmount();
    String before = record();
    mountedOnce(other)
        .expect(7)
        .says(upper.toString(), image.toString(), other.toString(), "--accept-new-base");
    assertNothingLeft();
    assertEquals(before, record());
    mountAndUnmount();
  }

  @Test
  @DisplayName("an image whose files have other bytes, but the same names, sizes and times")
  void otherBytes() throws Exception {
    Path tree = Files.createDirectory(directory.resolve("twin"));
    Path first = twin(tree, "first-twin", "some bytes");
    Path second = twin(tree, "second-twin", "same bytes");
    mountAndUnmount(first);
    mountedOnce(second).expect(7).says("--accept-new-base");
  }

  private Path twin(Path tree, String name, String content) throws Exception {
    Files.writeString(tree.resolve("file"), content);
    Path file = directory.resolve(name + ".sqfs");
    Strata.tool(
        "mksquashfs",
        tree.toString(),
        file.toString(),
        "-quiet",
        "-no-progress",
        "-all-time",
        "1",
        "-mkfs-time",
        "1",
        "-noF",
        "-noD");
    return file;
  }

  @Test
  @DisplayName("another image is taken with --accept-new-base, and recorded")
  void accepted() throws Exception {
    mountAndUnmount();
    mountAndUnmount(other, "--accept-new-base");
    mountAndUnmount(other);
    mountedOnce(image).expect(7).says("--accept-new-base");
    mountAndUnmount(image, "-o", "accept-new-base");
    mountAndUnmount();
  }

  @Test
  @DisplayName("more layers underneath, or another directory of the image, are another base")
  void layers() throws Exception {
    Path below = Files.createDirectory(directory.resolve("below"));
    mountAndUnmount();
    mountedOnce(image, "--lower", below).expect(7).says("other layers");
    mountedOnce(image, "-o", "subdir=sub").expect(7).says("subdir");
    mountAndUnmount("--lower", below, "--accept-new-base");
    mountAndUnmount("--lower", below);
    mountedOnce(image).expect(7).says("--accept-new-base");
    mountedOnce(image, "--lower", other).expect(7).says("--accept-new-base");
  }

  @Test
  @DisplayName("an upper that was made by others, or before, is recorded at its first use")
  void unrecorded() throws Exception {
    mountAndUnmount();
    String before = record();
    Strata.tool("setfattr", "-x", RECORD, upper.toString());
    mountAndUnmount(other);
    assertFalse(record().equals(before));
    mountedOnce(image).expect(7).says("--accept-new-base");
  }

  @Test
  @DisplayName("a record that is none of ours is not overwritten unasked")
  void garbled() throws Exception {
    mountAndUnmount();
    Strata.tool("setfattr", "-n", RECORD, "-v", "base 99", upper.toString());
    mountedOnce(image).expect(7).says("newer Strata", "--accept-new-base");
    mountAndUnmount("--accept-new-base");
    assertTrue(record().contains("digest sha256:"), record());
  }

  @Test
  @DisplayName("snapshots of one repository follow each other, by mount and by switch")
  void repository() throws Exception {
    Path cache = Files.createDirectory(directory.resolve("cache"));
    Path first = Files.move(image, cache.resolve("guru-1.sqfs"));
    Path second = Files.move(other, cache.resolve("guru-2.sqfs"));
    Path config = configuration(cache, "guru");
    current(cache, "guru", "1");
    mountedOnce("guru", "--config", config).expect(0);
    assertTrue(record().contains("repository guru") && record().contains("guru-1"), record());

    current(cache, "guru", "2");
    strata.run("mount", "guru", "--config", config, "--upper", upper).expect(0);
    assertEquals("two", word());
    assertTrue(record().contains("guru-2"), record());
    current(cache, "guru", "1");
    assertEquals(
        Outcome.SWITCHED,
        new Switcher(registry()).switchAll("guru", first, "1").getFirst().outcome());
    assertTrue(record().contains("guru-1"), record());
    strata.run("umount", mountPoint).expect(0);

    mountAndUnmount(first);
    assertTrue(record().contains("repository guru"), "forgotten: " + record());
    mountedOnce(second).expect(7).says("guru-1", "--accept-new-base");
    current(cache, "guru", "2");
    mountedOnce("guru", "--config", config).expect(0);
  }

  @Test
  @DisplayName("another repository is another base")
  void otherRepository() throws Exception {
    Path cache = Files.createDirectory(directory.resolve("cache"));
    Files.move(image, cache.resolve("guru-1.sqfs"));
    Files.move(other, cache.resolve("gentoo-1.sqfs"));
    current(cache, "guru", "1");
    current(cache, "gentoo", "1");
    mountedOnce("guru", "--config", configuration(cache, "guru")).expect(0);
    mountedOnce("gentoo", "--config", configuration(cache, "gentoo"))
        .expect(7)
        .says("guru-1", "gentoo-1", "--accept-new-base");
  }

  private Path configuration(Path cache, String name) throws Exception {
    return Files.writeString(
        directory.resolve(name + ".conf"),
        "[%s]\nlocation = %s\nsync-type = squashdelta\nsync-uri = file:///none/\nopenpgp-verify = no\nsync-squashdelta-cache = %s\n"
            .formatted(name, mountPoint, cache));
  }

  private static void current(Path cache, String name, String version) throws Exception {
    Path link = cache.resolve(name + "-current.sqfs");
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, Path.of(name + "-" + version + ".sqfs"));
  }

  @Test
  @DisplayName("the record shows in no mount: not in ours, not in kernel overlayfs's")
  void hidden() throws Exception {
    mount("--upper", upper);
    assertEquals("", attributes(mountPoint));
    strata.run("umount", mountPoint).expect(0);
    Path lower = Files.createDirectory(directory.resolve("lower"));
    String options = "lowerdir=" + lower + ",upperdir=" + upper + ",workdir=" + upper + ".work";
    Strata.tool("mount", "-t", "overlay", "none", "-o", options, mountPoint.toString());
    try {
      assertEquals("", attributes(mountPoint));
      Files.writeString(mountPoint.resolve("new"), "n");
    } finally {
      Strata.tool("umount", mountPoint.toString());
    }
    mount("--upper", upper);
    assertEquals("n", Files.readString(mountPoint.resolve("new")));
    strata.run("umount", mountPoint).expect(0);
  }

  private static String attributes(Path path) throws Exception {
    return Strata.tool("getfattr", "--absolute-names", "-d", "-m", "-", path.toString());
  }
}
