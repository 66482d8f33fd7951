package io.strata.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.TestData;
import io.strata.squashfs.HandMadeImage;
import io.strata.squashfs.ImageTools;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

@DisplayName("strata image")
@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
class ImageCommandTest {
  @TempDir Path directory;
  private Path image;
  private InProcess strata;

  @BeforeEach
  void make() throws Exception {
    image = new HandMadeImage().write(directory.resolve("image.sqfs"));
    strata = new InProcess();
  }

  @AfterEach
  void release() {
    strata.close();
  }

  @Test
  @DisplayName("info shows the superblock, as text and as JSON")
  void info() {
    String text = strata.run(ExitCode.DONE, "image", "info", image).output();
    assertTrue(text.contains("\ncompression: gzip\n"), text);
    assertTrue(text.contains("\nblock-size: 4096\n"), text);
    assertTrue(text.contains("\nmade: 2001-09-09T01:46:40Z\n"), text);
    String json = strata.run(ExitCode.DONE, "image", "info", "--json", image).output();
    assertTrue(json.contains("\"inodes\": 7"), json);
  }

  @Test
  @DisplayName("ls lists paths from the root, sorted, and with -l everything about them")
  void list() {
    assertEquals(
        "big\ndev\next\nfifo\nlink\nsub\n",
        strata.run(ExitCode.DONE, "image", "ls", image).output());
    assertEquals("", strata.run(ExitCode.DONE, "image", "ls", image, "sub").output());
    assertEquals(
        "big\0link\0",
        strata.run(ExitCode.DONE, "image", "ls", "--null", image, "big", "link").output());
    assertEquals(
        """
        -rw-r--r--   1  1000/0           4101 2001-09-09 01:46:42 big
        crw-rw-rw-   1     0/0            1,3 2001-09-09 01:46:45 dev
        lrwxrwxrwx   1     0/0              3 2001-09-09 01:46:43 link -> big
        """,
        strata.run(ExitCode.DONE, "image", "ls", "-l", image, "big", "dev", "link").output());
  }

  @Test
  @DisplayName("ls --json holds the attributes, links' targets and devices' numbers")
  void json() {
    String text = strata.run(ExitCode.DONE, "image", "ls", "--json", image).output();
    assertTrue(text.contains("\"path\": \"link\""), text);
    assertTrue(text.contains("\"target\": \"big\""), text);
    assertTrue(text.contains("\"mode\": \"0622\""), text);
    assertTrue(text.contains("\"major\": 1"), text);
    assertTrue(text.contains("\"user.a\": \"v\""), text);
  }

  @Test
  @DisplayName("ls gives names as the bytes that they are, and JSON without losing any")
  void oddNames() throws Exception {
    Path odd = new HandMadeImage().set("entry.big.name", 0x0ae962L, 3).write(image); // b e9 0a
    assertTrue(
        strata.run(ExitCode.DONE, "image", "ls", odd).output().startsWith("b\u00e9\n\ndev\n"));
    String json = strata.run(ExitCode.DONE, "image", "ls", "--json", odd).output();
    assertTrue(json.contains("\"path-base64\": \"YukK\""), json);
  }

  @Test
  @DisplayName("cat writes files one after the other, and follows links inside the image only")
  void cat() {
    byte[] both = strata.run(ExitCode.DONE, "image", "cat", image, "link", "/ext").bytes();
    assertEquals(4101 + 5, both.length);
    assertEquals("AAtail!hello", new String(both, 4094, 12, StandardCharsets.US_ASCII));
    strata.run(ExitCode.FILE, "image", "cat", image, "sub");
    assertTrue(strata.errors().endsWith("sub: not a regular file\n"), strata.errors());
    strata.run(ExitCode.FILE, "image", "cat", image, "../../etc/passwd");
    assertTrue(strata.errors().endsWith("no such file or directory\n"), strata.errors());
  }

  @Test
  @DisplayName("extract makes a tree, says how many files, and refuses to write over one")
  void extract() throws Exception {
    TestData.needsRoot();
    Path target = directory.resolve("target");
    strata.run(ExitCode.DONE, "image", "extract", image, "--to", target);
    assertEquals("strata: " + target + ": 6 files made\n", strata.errors());
    assertEquals(4101, Files.size(target.resolve("big")));
    assertEquals(1000, Files.getAttribute(target.resolve("big"), "unix:uid"));
    strata.run(ExitCode.FILE, "image", "extract", image, "--to", target);
    assertTrue(strata.errors().contains("is not empty"), strata.errors());
    strata.run(ExitCode.FILE, "image", "extract", image, "nothing", "--to", target + "2");
    assertFalse(Files.exists(Path.of(target + "2")));
  }

  @Test
  @DisplayName("extract of a hostile image says what it left out and ends with the image's code")
  void hostile() throws Exception {
    new HandMadeImage().set("entry.fifo.name", 0x782f2e2eL, 4).write(image); // "../x"
    Path target = directory.resolve("in/target");
    strata.run(ExitCode.IMAGE, "image", "extract", image, "--to", target);
    assertTrue(strata.errors().contains("slash"), strata.errors());
    assertFalse(Files.exists(directory.resolve("in/x")));
  }

  @Test
  @DisplayName("verify finds a sound image sound, and prints a line for each damage of another")
  void verify() throws Exception {
    assertEquals("", strata.run(ExitCode.DONE, "image", "verify", image).output());
    assertTrue(strata.errors().contains(": sound (2 directories, 2 files"), strata.errors());
    new HandMadeImage().set("big.start_block", 1 << 30, 4).write(image);
    String text = strata.run(ExitCode.IMAGE, "image", "verify", image).output();
    assertTrue(text.startsWith("/big: "), text);
    assertTrue(strata.errors().contains(": 1 problem ("), strata.errors());
    assertEquals(1, text.lines().count(), text);
  }

  @Test
  @DisplayName("says of what is no image, truncated or not there, that it is so, on one line")
  void noImage() throws Exception {
    byte[] whole = Files.readAllBytes(image);
    Files.write(image, java.util.Arrays.copyOf(whole, whole.length - 100));
    strata.run(ExitCode.IMAGE, "image", "info", image);
    assertTrue(strata.errors().contains("truncated"), strata.errors());
    Files.writeString(image, "no image, only some text");
    strata.run(ExitCode.IMAGE, "image", "ls", image);
    assertTrue(strata.errors().contains("not a SquashFS image"), strata.errors());
    strata.run(ExitCode.FILE, "image", "verify", directory.resolve("nothing"));
    assertTrue(strata.errors().startsWith("strata: " + directory.resolve("nothing")));
    assertEquals(1, strata.errors().lines().count(), strata.errors());
    strata.run(ExitCode.USAGE, "image");
    strata.run(ExitCode.USAGE, "image", "extract", image);
  }

  @Test
  @DisplayName("all verbs work on an image of mksquashfs")
  void real() throws Exception {
    Path tree = Files.createDirectories(directory.resolve("tree/d"));
    byte[] data = "0123456789".repeat(50_000).getBytes(StandardCharsets.US_ASCII);
    Files.write(tree.resolve("f"), data);
    Path real =
        ImageTools.mksquashfs(
            directory.resolve("tree"),
            directory.resolve("real"),
            "-comp",
            "zstd",
            "-Xcompression-level",
            "3");
    assertArrayEquals(data, strata.run(ExitCode.DONE, "image", "cat", real, "d/f").bytes());
    assertEquals("d\nd/f\n", strata.run(ExitCode.DONE, "image", "ls", "-R", real).output());
    assertTrue(
        strata
            .run(ExitCode.DONE, "image", "info", real)
            .output()
            .contains("compressor-options: compression-level 3\n"));
    strata.run(ExitCode.DONE, "image", "extract", real, "d/f", "--to", directory.resolve("out"));
    assertArrayEquals(data, Files.readAllBytes(directory.resolve("out/d/f")));
  }
}
