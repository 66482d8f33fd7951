package io.strata.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.strata.blocks.BlockIndex;
import io.strata.squashfs.ImageTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * Snapshot 2 is here, and the mirror has snapshot 3 with its block index: some of its blocks are
 * new, in three places.
 */
abstract class PartFixture {
  static final String IMAGE = "guru-3.sqfs";
  static final String BLOCKS = IMAGE + ".blocks";
  static final int FILE_SIZE = 40_000;
  private static final int FILES = 30;

  /**
   * The images, which are the same for all tests of a class.
   *
   * @param files where they lie, as {@code 2} and {@code 3}
   * @param blocks the block index of the young one
   */
  record Images(Path files, byte[] old, byte[] young, byte[] blocks) {
    static Images make(Path directory) throws Exception {
      ImageTools.needs("mksquashfs");
      Path tree = Files.createDirectory(directory.resolve("tree"));
      for (int i = 0; i < FILES; i++) {
        write(tree, i, i);
      }
      Path old = ImageTools.mksquashfs(tree, directory.resolve("2"), "-b", "8192");
      for (int changed : new int[] {4, 5, 22}) {
        write(tree, changed, 100 + changed);
      }
      Path young = ImageTools.mksquashfs(tree, directory.resolve("3"), "-b", "8192");
      return new Images(
          directory,
          Files.readAllBytes(old),
          Files.readAllBytes(young),
          BlockIndex.of(young).bytes());
    }

    private static void write(Path tree, int file, long seed) throws IOException {
      byte[] noise = new byte[FILE_SIZE];
      new Random(seed).nextBytes(noise);
      Files.write(tree.resolve("file-%03d".formatted(file)), noise);
    }
  }

  @TempDir static Path where;
  static Images images;

  @TempDir Path directory;
  SyncFixture fixture;
  SmallMirror files;

  @BeforeAll
  static void makeImages() throws Exception {
    images = Images.make(where);
  }

  @BeforeEach
  void syncOld() throws Exception {
    fixture = new SyncFixture(directory);
    files = fixture.files;
    files.file("guru-2.sqfs", images.old()).index("guru-2");
    fixture.sync(fixture.directory());
    files.file(IMAGE, images.young()).file(BLOCKS, images.blocks()).index("guru-3");
  }

  void assertYoung(Way way, SyncResult result) throws IOException {
    assertEquals(way, result.way(), () -> "" + fixture.heard.warnings);
    fixture.assertCurrent("3", images.young());
    assertEquals(List.of("guru-2.sqfs", IMAGE, "guru-current.sqfs"), fixture.cache());
  }
}
