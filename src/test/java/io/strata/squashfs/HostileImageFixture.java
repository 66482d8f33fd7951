package io.strata.squashfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.posix.NativeBuffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** Opens images that were made to break their readers, and looks around in them. */
abstract class HostileImageFixture {
  static final int MIB = 1 << 20;

  @TempDir Path temp;
  final NativeBuffer buffer = NativeBuffer.allocate(MIB);
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  SquashFsImage open(byte[] bytes) throws IOException {
    Path file = Files.write(temp.resolve("image" + open.size() + ".sqfs"), bytes);
    SquashFsImage image = SquashFsImage.open(file, WholeImage.SMALL);
    open.add(image);
    return image;
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  static Inode find(SquashFsImage image, String path) throws IOException {
    Inode inode = image.root();
    for (String name : path.split("/")) {
      long reference = image.lookup((DirectoryInode) inode, ascii(name));
      assertTrue(reference >= 0, path);
      inode = image.inode(reference);
    }
    return inode;
  }

  String text(SquashFsImage image, String path) throws IOException {
    int length = image.read((FileInode) find(image, path), 0, MIB, buffer, 0);
    byte[] bytes = new byte[length];
    buffer.bytes().get(0, bytes);
    return new String(bytes, StandardCharsets.US_ASCII);
  }

  void assertGoodIsReadable(SquashFsImage image) throws IOException {
    assertEquals(HostileImages.GOOD, text(image, "good"));
  }

  /** Counts the entries below a directory; damaged ones too, into which it does not go. */
  static int count(SquashFsImage image, DirectoryInode directory) throws IOException {
    int entries = 0;
    DirectoryCursor cursor = image.newDirectoryCursor().open(directory, 0);
    List<DirectoryInode> below = new ArrayList<>();
    while (cursor.next()) {
      entries++;
      try {
        if (image.inode(cursor) instanceof DirectoryInode inside) {
          below.add(inside);
        }
      } catch (CorruptImageException e) {
        assertTrue(e.offset() > 0, e::getMessage);
      }
    }
    for (DirectoryInode inside : below) {
      entries += count(image, inside);
    }
    return entries;
  }

  /** A cursor that stands on the first entry. */
  static DirectoryCursor cursor(SquashFsImage image, DirectoryInode directory) throws IOException {
    DirectoryCursor cursor = image.newDirectoryCursor().open(directory, 0);
    assertTrue(cursor.next());
    return cursor;
  }
}
