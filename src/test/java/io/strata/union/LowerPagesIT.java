package io.strata.union;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.TestData;
import io.strata.squashfs.ImageTools;
import io.strata.squashfs.SquashFsImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("What the kernel is given of lower images before it asks")
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LowerPagesIT {
  private static final int DIRECTORIES = 80;
  private static final int FILES = 8; // in each

  @TempDir Path directory;

  private Path tree = Path.of("");
  private SquashFsImage image;
  private UnionMount union;

  @BeforeEach
  void mount() throws Exception {
    TestData.needsRoot();
    TestData.needsFuse();
    tree = Files.createDirectory(directory.resolve("tree"));
    for (int i = 0; i < DIRECTORIES; i++) {
      Path sub = Files.createDirectory(tree.resolve("d" + i));
      for (int j = 0; j < FILES; j++) {
        Files.writeString(
            sub.resolve("f" + j), ("file " + j + " of " + i + "\n").repeat(1 + 9 * i));
      }
    }
    image = SquashFsImage.open(ImageTools.mksquashfs(tree, directory.resolve("image.sqfs")));
    union = UnionMount.of(directory, List.of(new LowerLayer.Image(image)));
  }

  @AfterEach
  void unmount() throws Exception {
    union.close();
    image.close();
  }

  private long reads() {
    return union.session().statistics().requests().getOrDefault("READ", 0L);
  }

  private long stores() {
    return union.session().statistics().notifications().getOrDefault("STORE", 0L);
  }

  private void compare() throws Exception {
    ImageTools.run("diff", "-r", tree.toString(), union.path().toString());
  }

  @Test
  @DisplayName("who walks a merged tree and reads it gets most files without asking for them")
  void walk() throws Exception {
    Files.writeString(union.path().resolve("d3/new"), "new\n");
    Files.writeString(tree.resolve("d3/new"), "new\n");
    compare();
    int files = DIRECTORIES * FILES;
    assertTrue(reads() < files / 3, reads() + " READs for " + files + " files");
    assertTrue(stores() > files / 2, stores() + " stores for " + files + " files");
    assertTrue(stores() <= files, stores() + " stores for " + files + " files");
  }

  @Test
  @DisplayName("what was changed is never overwritten, before, behind and while somebody walks")
  void changes() throws Exception {
    changeEach(0);
    String walk = "for i in 1 2 3 4; do tar cf - . | cat > /dev/null; done";
    Process walker = new ProcessBuilder("sh", "-c", walk).directory(union.path().toFile()).start();
    changeEach(1);
    walker.waitFor();
    compare();
    assertSizes(); // what is stored behind the end would make the file longer
    Files.writeString(Path.of("/proc/sys/vm/drop_caches"), "1");
    compare();
  }

  /** A file in every second directory. */
  private void changeEach(int first) throws Exception {
    for (int i = first; i < DIRECTORIES; i += 2) {
      String name = "d" + i + "/f" + i % FILES;
      change(tree.resolve(name), i);
      change(union.path().resolve(name), i);
    }
  }

  private void assertSizes() throws Exception {
    for (int i = 0; i < DIRECTORIES; i++) {
      String name = "d" + i + "/f" + i % FILES;
      assertEquals(Files.size(tree.resolve(name)), Files.size(union.path().resolve(name)), name);
    }
  }

  private static void change(Path file, int number) throws Exception {
    byte[] text = ("changed " + number + "\n").repeat(3).getBytes(UTF_8);
    switch (number % 3) {
      case 0 -> Files.write(file, text, StandardOpenOption.APPEND);
      case 1 -> Files.write(file, text, StandardOpenOption.WRITE);
      default -> Files.write(file, text); // truncates
    }
    assertEquals(Files.size(file), Files.readAllBytes(file).length);
  }
}
