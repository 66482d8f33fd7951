package io.strata.squashfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Verification of an image with checksums in its blocks")
@Timeout(300)
class PlantedDamageTest {
  private static final int STEP = 131;

  @TempDir Path temp;

  @ParameterizedTest(name = "{0}")
  @DisplayName("finds damage wherever it is planted, in data as in tables")
  @ValueSource(strings = {"gzip", "xz"})
  void everywhere(String compressor) throws Exception {
    Path file = image(compressor);
    assertEquals(List.of(), verify(file));
    byte[] bytes = Files.readAllBytes(file);
    int end;
    try (SquashFsImage image = SquashFsImage.open(file)) {
      end = (int) image.superblock().bytesUsed();
    }
    int planted = 0;
    for (int at = Superblock.SIZE; at < end; at += STEP) {
      bytes[at] ^= (byte) 0xff; // no padding in front of a checksum is as long
      Files.write(file, bytes);
      assertTrue(!verify(file).isEmpty(), "nothing found of byte " + at + " of " + end);
      bytes[at] ^= (byte) 0xff;
      planted++;
    }
    System.out.println("planted in a " + compressor + " image and found: " + planted);
  }

  /** All that is in it is compressed: what is not has no checksum. */
  private Path image(String compressor) throws Exception {
    Path tree = temp.resolve("tree");
    Files.createDirectories(tree.resolve("sub"));
    Random random = new Random(3);
    for (int i = 0; i < 20; i++) {
      byte[] bytes = new byte[500 + 397 * i];
      random.nextBytes(bytes);
      for (int at = 0; at < bytes.length; at++) {
        bytes[at] &= 0x0f;
      }
      Files.write(tree.resolve("sub/file with some name " + i), bytes);
    }
    String[] options = {"-comp", compressor, "-b", "8K", "-nopad", "-no-xattrs"};
    return ImageTools.mksquashfs(tree, temp.resolve("image.sqfs"), options);
  }

  private static List<String> verify(Path file) throws Exception {
    List<String> problems = new ArrayList<>();
    VerifyListener listener =
        new VerifyListener() {
          @Override
          public void progress(long done, long total) {}

          @Override
          public void problem(ImageProblem problem) {
            problems.add(problem.path() + ": " + problem.structure() + problem.message());
            assertTrue(problem.offset() > 0, problem::toString);
          }
        };
    try (SquashFsImage image = SquashFsImage.open(file, WholeImage.SMALL)) {
      new ImageVerifier(image, 1, listener).run();
    } catch (IOException e) {
      problems.add(e.toString());
    }
    return problems;
  }
}
