package io.strata.squashfs;

import io.strata.posix.NativeBuffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Everything that an image gives to its readers, aspect by aspect: for each path its type, inode,
 * mode and so on, each as text or as {@code EIO}.
 */
final class ImageContent {
  /** What cannot be read. */
  static final String EIO = "EIO";

  private static final int MOST_ENTRIES = 5000;
  private static final int MOST_BYTES = 1 << 16;

  private final SquashFsImage image;
  private final NativeBuffer buffer;
  private final Map<String, Map<String, String>> paths = new TreeMap<>();
  private int entries;

  private ImageContent(SquashFsImage image, NativeBuffer buffer) {
    this.image = image;
    this.buffer = buffer;
  }

  /** Reads one aspect. */
  @FunctionalInterface
  private interface Reading {
    String read() throws IOException;
  }

  static NativeBuffer newBuffer() {
    return NativeBuffer.allocate(MOST_BYTES);
  }

  /** By path and aspect; only the path "" with the aspect "open" if the image is refused. */
  static Map<String, Map<String, String>> of(Path file, NativeBuffer buffer) throws IOException {
    try (SquashFsImage image = SquashFsImage.open(file, WholeImage.SMALL)) {
      ImageContent content = new ImageContent(image, buffer);
      content.directory("", image.root());
      return content.paths;
    } catch (CorruptImageException e) {
      return Map.of("", Map.of("open", EIO));
    }
  }

  private static String attempt(Reading reading) throws IOException {
    try {
      return reading.read();
    } catch (CorruptImageException e) {
      return EIO;
    }
  }

  private void directory(String path, DirectoryInode inode) throws IOException {
    Map<String, String> aspects = inode(path, inode);
    aspects.put("parent", Long.toString(inode.parentInode()));
    String listed = attempt(() -> list(path, inode));
    aspects.put("listing", listed);
  }

  private String list(String path, DirectoryInode inode) throws IOException {
    DirectoryCursor cursor = image.newDirectoryCursor().open(inode, 0);
    StringBuilder names = new StringBuilder();
    while (cursor.next() && entries++ < MOST_ENTRIES) {
      byte[] name = Arrays.copyOf(cursor.nameBytes(), cursor.nameLength());
      String text = new String(name, StandardCharsets.ISO_8859_1);
      names.append(text).append('\0');
      String child = path + "/" + text;
      String looked = attempt(() -> Long.toString(image.lookup(inode, name)));
      try {
        Inode found = image.inode(cursor);
        if (!looked.equals(EIO) && !looked.equals(Long.toString(found.reference()))) {
          throw new AssertionError(child + ": listed, but lookup gives " + looked);
        }
        if (found instanceof DirectoryInode below) {
          directory(child, below);
        } else {
          leaf(child, found);
        }
      } catch (CorruptImageException e) {
        paths.put(child, new TreeMap<>(Map.of("inode", EIO)));
      }
    }
    return names.toString();
  }

  private Map<String, String> inode(String path, Inode inode) throws IOException {
    Map<String, String> aspects = new TreeMap<>();
    paths.put(path, aspects);
    aspects.put("inode", Long.toString(inode.inodeNumber()));
    aspects.put("mode", Integer.toOctalString(inode.mode()));
    aspects.put("owner", inode.uid() + ":" + inode.gid());
    aspects.put("time", Long.toString(inode.modifyTime()));
    aspects.put("links", Long.toString(inode.linkCount()));
    aspects.put("xattrs", attempt(() -> xattrs(inode)));
    String export = attempt(() -> export(image.referenceOf(inode.inodeNumber())));
    aspects.put("export", export);
    return aspects;
  }

  private String xattrs(Inode inode) throws IOException {
    StringBuilder text = new StringBuilder();
    for (byte[] name : image.xattrNames(inode)) {
      text.append(new String(name, StandardCharsets.ISO_8859_1)).append('=');
      text.append(Arrays.toString(image.xattr(inode, name))).append('\0');
    }
    return text.toString();
  }

  private void leaf(String path, Inode inode) throws IOException {
    Map<String, String> aspects = inode(path, inode);
    switch (inode) {
      case FileInode file -> {
        aspects.put("size", Long.toString(file.size()));
        aspects.put("units", Long.toString(file.allocatedUnits()));
        aspects.put("content", attempt(() -> content(file)));
        aspects.put(
            "holes", attempt(() -> image.seekHole(file, 0) + " " + image.seekData(file, 0)));
      }
      case SymlinkInode link ->
          aspects.put(
              "target",
              attempt(() -> new String(image.symlinkTarget(link), StandardCharsets.ISO_8859_1)));
      case DeviceInode device -> aspects.put("device", Integer.toHexString(device.device()));
      default -> {}
    }
  }

  /** The first and last 64 KiB: files that are said to be huge have no others to compare with. */
  private String content(FileInode file) throws IOException {
    long hash = 0;
    for (long at : new long[] {0, Math.max(file.size() - MOST_BYTES, 0)}) {
      int count = image.read(file, at, MOST_BYTES, buffer, 0);
      hash = hash * 31 + buffer.bytes().slice(0, count).hashCode();
    }
    return Long.toHexString(hash);
  }

  /** Who asks by a number that is not found gets ESTALE: an error too. */
  private static String export(long reference) {
    return reference == SquashFsImage.NOT_FOUND ? EIO : Long.toString(reference);
  }
}
