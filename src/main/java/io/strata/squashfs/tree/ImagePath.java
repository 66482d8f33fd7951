package io.strata.squashfs.tree;

import java.io.ByteArrayOutputStream;
import java.util.List;

/**
 * Names from the root of an image down. Immutable as long as nobody writes to the arrays.
 *
 * @param names none for the root
 */
public record ImagePath(List<byte[]> names) {
  /** The root. */
  public static final ImagePath ROOT = new ImagePath(List.of());

  /** Takes a copy of the list. */
  public ImagePath {
    names = List.copyOf(names);
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
