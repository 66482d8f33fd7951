package io.strata.squashfs;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Where a verification is: a name and the directories above. Immutable; shows itself on demand. */
final class VerifyPath {
  static final VerifyPath ROOT = new VerifyPath(null, new byte[0]);

  private final @Nullable VerifyPath parent;
  private final byte[] name;

  private VerifyPath(@Nullable VerifyPath parent, byte[] name) {
    this.parent = parent;
    this.name = name;
  }

  VerifyPath child(byte[] childName) {
    return new VerifyPath(this, childName);
  }

  String show() {
    ArrayDeque<byte[]> names = new ArrayDeque<>();
    for (VerifyPath at = this; at.parent != null; at = at.parent) {
      names.push(at.name);
    }
    StringBuilder text = new StringBuilder();
    for (byte[] each : names) {
      append(text.append('/'), each);
    }
    return text.isEmpty() ? "/" : text.toString();
  }

  private static void append(StringBuilder text, byte[] bytes) {
    for (byte b : bytes) {
      if (b >= ' ' && b < 0x7f) {
        text.append((char) b);
      } else {
        text.append("\\x%02x".formatted(b & 0xff));
      }
    }
  }
}
