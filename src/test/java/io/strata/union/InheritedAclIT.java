package io.strata.union;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.TestData;
import io.strata.squashfs.ImageTools;
import io.strata.squashfs.SquashFsImage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A default ACL")
class InheritedAclIT {
  /** As 20:21 with a further group, 30, which alone may write the directory. */
  private static final String OTHER = "setpriv --reuid=20 --regid=21 --groups=30 sh -c ";

  private static final String WORK =
      """
      umask 022; setfacl -m d:u:7:rwx,d:g::r-x,d:m::rwx,d:o::- . && chgrp 30 . && chmod 2775 .
      rm -r file dir fifo
      echo f > file; mkdir dir; mkfifo fifo; ln -s x link; echo n > new; mkdir newdir
      %s 'echo o > other; mkdir otherdir; mkfifo otherfifo; echo o > over'
      """
          .formatted(OTHER);

  @TempDir Path directory;

  private static String output(Path in, String script) throws Exception {
    Process process =
        new ProcessBuilder("sh", "-ec", "cd " + in + "\n" + script)
            .redirectErrorStream(true)
            .start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), text);
    return text;
  }

  @Test
  @DisplayName("is inherited in place, over a whiteout, and by who writes through another group")
  void inherited() throws Exception {
    TestData.needsRoot();
    TestData.needsFuse();
    ImageTools.needs("setfacl");
    Files.createDirectories(directory.resolve("tree/d"));
    output(directory.resolve("tree/d"), "echo l > file; mkdir dir; mkfifo fifo; echo l > over");
    Path plain = directory.resolve("plain");
    ImageTools.run("cp", "-a", directory.resolve("tree").toString(), plain.toString());
    output(directory, "chmod 755 . plain");
    Path image = ImageTools.mksquashfs(directory.resolve("tree"), directory.resolve("image"));
    try (SquashFsImage opened = SquashFsImage.open(image);
        UnionMount union = UnionMount.of(directory, List.of(new LowerLayer.Image(opened)))) {
      String script = "rm over\n" + WORK;
      output(plain.resolve("d"), script);
      output(union.path().resolve("d"), script);
      String all = "getfacl -n -p . * 2>/dev/null || true; stat -c '%n %a %u:%g' *";
      String expected = output(plain.resolve("d"), all);
      assertTrue(expected.contains("user:7:rwx"), expected);
      assertEquals(expected, output(union.path().resolve("d"), all));
    }
  }

  @Test
  @DisplayName("of the work directory is inherited by nothing, nor is its group")
  void ofTheWorkDirectory() throws Exception {
    TestData.needsRoot();
    TestData.needsFuse();
    ImageTools.needs("setfacl");
    Files.createDirectories(directory.resolve("tree/d"));
    output(directory, "echo l > tree/file; echo l > tree/over; cp -a tree plain; mkdir work");
    output(directory, "setfacl -m d:u:7:rwx work; chgrp 30 work; chmod 2755 work");
    Path image = ImageTools.mksquashfs(directory.resolve("tree"), directory.resolve("image"));
    try (SquashFsImage opened = SquashFsImage.open(image);
        UnionMount union = UnionMount.of(directory, List.of(new LowerLayer.Image(opened)))) {
      String script = "echo x >> file; touch d/new; rm over; mkdir over";
      output(directory.resolve("plain"), script);
      output(union.path(), script);
      String all = "getfacl -n -p -R *; stat -c '%n %a %u:%g' *";
      assertEquals(output(directory.resolve("plain"), all), output(union.path(), all));
    }
  }
}
