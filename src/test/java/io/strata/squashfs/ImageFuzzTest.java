package io.strata.squashfs;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.strata.posix.NativeBuffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Bytes that may be an image. Each may be refused, damaged or sound; whatever else comes of it is a
 * finding. Run as a test it takes the inputs of src/test/resources; with {@code scripts/fuzz} it
 * looks for new ones.
 */
@DisplayName("Whatever bytes are said to be an image")
class ImageFuzzTest {
  private static final int LONGEST_READ = 1 << 16;
  private static final int MOST_ENTRIES = 1000;

  private final NativeBuffer buffer = NativeBuffer.allocate(LONGEST_READ);
  private Path file = Path.of("");

  /** Reads a part of an image. */
  @FunctionalInterface
  private interface Reading {
    void of(SquashFsImage image, Inode inode) throws IOException;
  }

  /** What to begin with: images of all structures, whose metadata is not compressed. */
  static Stream<Arguments> images() {
    return Stream.of(
            new HandMadeImage().bytes(),
            HostileImages.loop(),
            HostileImages.smallIndex(),
            HostileImages.block(5, new byte[] {0x1f, 'x', 1, 0, -1, -1, 0, 0x50, 1, 2, 3, 4, 5}),
            HostileImages.block(3, new byte[] {18, 'x', 32, 0, 0, 17, 0, 0}))
        .map(bytes -> Arguments.of((Object) bytes));
  }

  @BeforeEach
  void makeFile() throws IOException {
    Path memory = Path.of("/dev/shm");
    file =
        Files.isWritable(memory)
            ? Files.createTempFile(memory, "strata-fuzz", ".sqfs")
            : Files.createTempFile("strata-fuzz", ".sqfs");
  }

  @AfterEach
  void removeFile() throws IOException {
    Files.deleteIfExists(file);
  }

  @MethodSource("images")
  @FuzzTest
  void listing(byte[] bytes) throws IOException {
    read(
        bytes,
        (image, inode) -> {
          if (inode instanceof SymlinkInode link) {
            image.symlinkTarget(link);
          }
          image.referenceOf(inode.inodeNumber());
        });
  }

  @MethodSource("images")
  @FuzzTest
  void data(byte[] bytes) throws IOException {
    read(
        bytes,
        (image, inode) -> {
          if (inode instanceof FileInode file) {
            image.read(file, 0, LONGEST_READ, buffer, 0);
            long last = Math.max(file.size() - LONGEST_READ, 0);
            image.read(file, last, LONGEST_READ, buffer, 0);
            image.read(file, file.size() / 2 + 1, 3, buffer, 5);
            image.seekHole(file, 1);
            image.seekData(file, file.size() / 3);
          }
        });
  }

  @MethodSource("images")
  @FuzzTest
  void xattrs(byte[] bytes) throws IOException {
    read(
        bytes,
        (image, inode) -> {
          for (byte[] name : image.xattrNames(inode)) {
            image.xattr(inode, name);
          }
        });
  }

  @MethodSource("images")
  @FuzzTest
  void parts(byte[] bytes) throws IOException {
    Files.write(file, bytes);
    try (SquashFsImage image = SquashFsImage.open(file, WholeImage.SMALL)) {
      long[] borders = image.borders();
      if (borders[0] != 0 || borders[borders.length - 1] != bytes.length) {
        throw new AssertionError("the parts do not cover the image");
      }
      for (int i = 1; i < borders.length; i++) {
        if (borders[i] <= borders[i - 1]) {
          throw new AssertionError("the parts are out of order");
        }
      }
    } catch (CorruptImageException e) {
      return; // refused
    }
  }

  private void read(byte[] bytes, Reading reading) throws IOException {
    Files.write(file, bytes);
    try (SquashFsImage image = SquashFsImage.open(file, WholeImage.SMALL)) {
      walk(image, image.root(), reading, new int[] {MOST_ENTRIES});
    } catch (CorruptImageException e) {
      return; // refused
    }
  }

  private static void walk(
      SquashFsImage image, DirectoryInode directory, Reading reading, int[] left)
      throws IOException {
    tell(image, directory, reading);
    DirectoryCursor cursor = image.newDirectoryCursor();
    try {
      cursor.open(directory, 0);
      while (cursor.next() && left[0]-- > 0) {
        byte[] name = Arrays.copyOf(cursor.nameBytes(), cursor.nameLength());
        if (image.lookup(directory, name) != cursor.reference()) {
          throw new AssertionError("lookup and listing disagree");
        }
        Inode inode = image.inode(cursor);
        if (inode instanceof DirectoryInode inside) {
          walk(image, inside, reading, left);
        } else {
          tell(image, inode, reading);
        }
      }
    } catch (CorruptImageException e) {
      return; // damaged
    }
  }

  private static void tell(SquashFsImage image, Inode inode, Reading reading) throws IOException {
    try {
      reading.of(image, inode);
    } catch (CorruptImageException e) {
      return; // damaged
    }
  }
}
