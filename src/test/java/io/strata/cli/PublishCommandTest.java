package io.strata.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.squashfs.ImageTools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

@DisplayName("strata publish and strata delta")
@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
class PublishCommandTest {
  @TempDir Path directory;
  private Path tree;
  private Path mirror;
  private InProcess strata;

  @BeforeEach
  void make() throws Exception {
    ImageTools.needs("mksquashfs");
    ImageTools.needs("xdelta3");
    tree = Files.createDirectory(directory.resolve("tree"));
    byte[] noise = new byte[300_000];
    new Random(3).nextBytes(noise);
    Files.write(tree.resolve("noise"), noise);
    mirror = directory.resolve("mirror");
    strata = new InProcess();
  }

  @AfterEach
  void release() {
    strata.close();
  }

  @Test
  @DisplayName("publish names the new files on stdout, and nothing when nothing is new")
  void publish() throws Exception {
    assertEquals("demo-1.sqfs\ndemo-1.sqfs.blocks\n", publish(ExitCode.DONE, "1").output());
    Files.writeString(tree.resolve("b"), "b");
    assertEquals(
        "demo-2.sqfs\ndemo-2.sqfs.blocks\ndemo-1-2.sqdelta\ndemo-1-2.sqdelta2\n",
        publish(ExitCode.DONE, "2").output());
    assertTrue(strata.errors().contains(", not signed\n"), strata.errors());
    assertTrue(strata.errors().contains("strata: demo-1-2.sqdelta2: "), strata.errors());
    assertTrue(strata.errors().endsWith(" % of the image\n"), strata.errors());
    assertEquals("", publish(ExitCode.DONE, "2").output());
    assertTrue(strata.errors().contains("with the same content"), strata.errors());
    assertEquals("", publish(ExitCode.DONE, "3").output());
    assertTrue(strata.errors().contains("nothing has changed since demo-2"), strata.errors());
    Files.writeString(tree.resolve("b"), "c");
    assertEquals("", publish(ExitCode.DONE, "3", "--quiet", "--deltas", "0").output());
    assertEquals("", strata.errors());
  }

  @Test
  @DisplayName("publish says what is wrong on one line, with its code, and makes nothing")
  void failures() throws Exception {
    publish(ExitCode.USAGE, "current");
    publish(ExitCode.USAGE, "a/b");
    publish(ExitCode.USAGE, "");
    strata.run(ExitCode.USAGE, "publish", "", "--repo", "r", "--version", "1", "--to", mirror);
    assertTrue(strata.errors().startsWith("strata: TREE: the name is empty"), strata.errors());
    strata.run(ExitCode.USAGE, "publish", tree, "--repo", "r", "--version", "1", "--to", "");
    publish(ExitCode.USAGE, "1", "-b", "3000");
    publish(ExitCode.USAGE, "1", "-b", "much");
    publish(ExitCode.USAGE, "1", "--compression", "zip");
    publish(ExitCode.USAGE, "1", "--deltas", "-1");
    publish(ExitCode.USAGE, "1", "--delta-format", "bsdiff");
    publish(ExitCode.USAGE, "1", "--max-delta-share", "1.5");
    publish(ExitCode.USAGE, "1", "--max-chain", "0");
    publish(ExitCode.USAGE, "1", "--keep-snapshots", "0");
    publish(ExitCode.USAGE, "1", "--grace", "soon");
    publish(ExitCode.USAGE, "1", "--post-process-filter", "x");
    publish(ExitCode.USAGE, "1", "--post-process", "true", "--post-process-filter", "(");
    assertEquals(1, strata.errors().lines().count(), strata.errors());
    publish(ExitCode.USAGE, "1", "--passphrase-file", "x");
    publish(ExitCode.USAGE, "1", "--key", "x", "--gpg-key", "y");
    publish(ExitCode.SIGNATURE, "1", "--key", directory.resolve("no-key").toString());
    assertEquals(1, strata.errors().lines().count(), strata.errors());
    assertFalse(Files.exists(mirror.resolve("sha512sum.txt")));
    publish(ExitCode.DONE, "1", "--compression", "ZSTD", "-b", "1M");
    Files.writeString(tree.resolve("b"), "b");
    publish(ExitCode.PUBLISH, "1");
    assertTrue(strata.errors().contains("choose another version"), strata.errors());
  }

  @Test
  @DisplayName("delta apply makes the newer image, and replaces a file only when told to")
  void delta() throws Exception {
    publish(ExitCode.DONE, "1");
    Files.writeString(tree.resolve("b"), "b");
    publish(ExitCode.DONE, "2");
    Path delta = mirror.resolve("demo-1-2.sqdelta");
    String info = strata.run(ExitCode.DONE, "delta", "info", delta).output();
    assertTrue(info.contains("\ncompression: lzo, level 8, optimized\n"), info);
    String json = strata.run(ExitCode.DONE, "delta", "info", "--json", delta).output();
    assertTrue(json.contains("\"size\": " + Files.size(delta)), json);
    Path old = mirror.resolve("demo-1.sqfs");
    Path out = directory.resolve("out.sqfs");
    strata.run(ExitCode.DONE, "delta", "apply", old, delta, out);
    assertEquals(-1, Files.mismatch(out, mirror.resolve("demo-2.sqfs")));
    Files.writeString(out, "mine");
    strata.run(ExitCode.FILE, "delta", "apply", old, delta, out);
    assertEquals("mine", Files.readString(out));
    strata.run(ExitCode.DONE, "delta", "apply", "--force", old, delta, out);
    assertEquals(-1, Files.mismatch(out, mirror.resolve("demo-2.sqfs")));
    strata.run(ExitCode.DELTA, "delta", "apply", "--force", old, old, out);
    assertEquals(1, strata.errors().lines().count(), strata.errors());
    strata.run(ExitCode.DELTA, "delta", "info", old);
    strata.run(ExitCode.FILE, "delta", "make", old, mirror, directory.resolve("x.sqdelta"));
    assertTrue(strata.errors().contains(mirror + ": a directory"), strata.errors());
  }

  @Test
  @DisplayName("delta make says why an .sqdelta is larger than it could be")
  void unsuited() throws Exception {
    publish(ExitCode.DONE, "1", "--compression", "gzip");
    Files.writeString(tree.resolve("b"), "b");
    publish(ExitCode.DONE, "2", "--compression", "gzip");
    Path old = mirror.resolve("demo-1.sqfs");
    Path young = mirror.resolve("demo-2.sqfs");
    Path delta = directory.resolve("gzip.sqdelta");
    strata.run(ExitCode.DONE, "delta", "make", old, young, delta);
    assertEquals(Files.size(delta) + "\n", strata.output());
    assertTrue(strata.errors().contains(delta + ": it lists no blocks"), strata.errors());
    strata.run(ExitCode.DONE, "delta", "make", old, young, directory.resolve("gzip.sqdelta2"));
    assertEquals("", strata.errors());
  }

  private InProcess publish(ExitCode expected, String version, String... more) {
    Object[] arguments = new Object[8 + more.length];
    System.arraycopy(more, 0, arguments, 8, more.length);
    Object[] first = {"publish", tree, "--repo", "demo", "--version", version, "--to", mirror};
    System.arraycopy(first, 0, arguments, 0, first.length);
    return strata.run(expected, arguments);
  }
}
