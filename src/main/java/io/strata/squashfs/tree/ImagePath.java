package io.strata.squashfs.tree;

import java.io.ByteArrayOutputStream;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;

/**
 * Names from the root of an image down. Immutable as long as nobody writes to the arrays.
 *
 * @param names none for the root
 */
public record ImagePath(List<byte[]> names) {
  /**
   * The longest paths that walks follow: more names than Linux can name at once (PATH_MAX of
   * linux/limits.h, 4096 bytes, each name with its slash).
   */
  public static final int MAX_NAMES = 2048;

  /** The root. */
  public static final ImagePath ROOT = new ImagePath(List.of());

  /** Takes a copy of the list. */
  public ImagePath {
    names = List.copyOf(names);
  }

  /**
   * The path of a name in this directory.
   *
   * @throws FileSystemException if it is longer than {@link #MAX_NAMES}
   */
  public ImagePath child(byte[] name) throws FileSystemException {
    if (names.size() == MAX_NAMES) {
      String reason =
          "lies deeper than " + MAX_NAMES + " directories; mount the image to get there";
      throw new FileSystemException(show(name), null, reason);
    }
    List<byte[]> longer = new ArrayList<>(names);
    longer.add(name);
    return new ImagePath(longer);
  }

  /** The names with slashes between, without one in front; "." for the root. */
  public byte[] bytes() {
    if (names.isEmpty()) {
      return new byte[] {'.'};
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (byte[] name : names) {
      if (bytes.size() > 0) {
        bytes.write('/');
      }
      bytes.writeBytes(name);
    }
    return bytes.toByteArray();
  }

  /** {@link #bytes()} for people. */
  @Override
  public String toString() {
    return show(bytes());
  }

  /** Bytes for people: what is not printable ASCII is shown as {@code \xNN}. */
  public static String show(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    for (byte b : bytes) {
      if (b >= ' ' && b < 0x7f && b != '\\') {
        text.append((char) b);
      } else {
        text.append("\\x%02x".formatted(b & 0xff));
      }
    }
    return text.toString();
  }
}
