package io.strata.squashfs;

import io.strata.posix.NativeBuffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads everything in an image, however damaged, and says what could not be read. Bounded: neither
 * loops nor claims of huge files make it run for long.
 */
final class WholeImage {
  private static final int MAX_ENTRIES = 20_000;
  private static final int CHUNK = 1 << 18;

  /** No read-ahead, and caches as small as can be: many images are opened one after another. */
  static final ImageOptions SMALL = new ImageOptions(OptionalLong.of(0), 0, 1 << 16, 64, 0, 0);

  private final SquashFsImage image;
  private final NativeBuffer buffer;
  private final Set<Long> directories = new HashSet<>();
  private final Set<String> failures = new TreeSet<>();
  private int entries;

  private WholeImage(SquashFsImage image, NativeBuffer buffer) {
    this.image = image;
    this.buffer = buffer;
  }

  static NativeBuffer newBuffer() {
    return NativeBuffer.allocate(CHUNK);
  }

  /** The paths that can't be read, or {@code "open"} if nothing can. */
  static Set<String> failures(Path file, NativeBuffer buffer) throws IOException {
    try (SquashFsImage image = SquashFsImage.open(file, SMALL)) {
      WholeImage whole = new WholeImage(image, buffer);
      whole.readDirectory("", image.root());
      return whole.failures;
    } catch (CorruptImageException e) {
      return Set.of("open");
    }
  }

  private void readDirectory(String path, DirectoryInode directory) throws IOException {
    if (!directories.add(directory.reference())) {
      failures.add(path + "/(again)");
      return;
    }
    readXattrs(path, directory);
    DirectoryCursor cursor = image.newDirectoryCursor();
    try {
      cursor.open(directory, 0);
      while (cursor.next() && entries++ < MAX_ENTRIES) {
        readEntry(path, directory, cursor);
      }
    } catch (CorruptImageException e) {
      failures.add(path + "/");
    }
  }

  private void readEntry(String path, DirectoryInode directory, DirectoryCursor cursor)
      throws IOException {
    byte[] name = java.util.Arrays.copyOf(cursor.nameBytes(), cursor.nameLength());
    String child = path + "/" + new String(name, StandardCharsets.ISO_8859_1);
    try {
      image.lookup(directory, name);
      Inode inode = image.inode(cursor);
      if (inode instanceof DirectoryInode inside) {
        readDirectory(child, inside);
        return;
      }
      readXattrs(child, inode);
      if (inode instanceof FileInode file) {
        readFile(file);
      } else if (inode instanceof SymlinkInode link) {
        image.symlinkTarget(link);
      }
    } catch (CorruptImageException e) {
      failures.add(child);
    }
  }

  private void readXattrs(String path, Inode inode) throws IOException {
    try {
      for (byte[] name : image.xattrNames(inode)) {
        image.xattr(inode, name);
      }
    } catch (CorruptImageException e) {
      failures.add(path + "@");
    }
  }

  /** Reads the beginning and the end of a file, and looks for holes. */
  private void readFile(FileInode file) throws IOException {
    image.read(file, 0, CHUNK, buffer, 0);
    image.read(file, Math.max(file.size() - CHUNK, 0), CHUNK, buffer, 0);
    image.seekHole(file, 0);
    image.seekData(file, 0);
  }
}
