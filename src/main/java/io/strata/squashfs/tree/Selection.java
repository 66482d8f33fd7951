package io.strata.squashfs.tree;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which part of a tree is wanted, seen from one directory. */
final class Selection {
  /** Everything. */
  static final Selection ALL = new Selection();

  private final Map<ByteBuffer, Selection> children = new HashMap<>();

  private Selection() {}

  /** What these paths and all below them are; everything if one is the root. */
  static Selection of(List<ImagePath> paths) {
    Selection root = new Selection();
    for (ImagePath path : paths) {
      if (path.names().isEmpty()) {
        return ALL;
      }
      root.add(path.names());
    }
    return root;
  }

  private void add(List<byte[]> names) {
    ByteBuffer name = ByteBuffer.wrap(names.getFirst());
    if (names.size() == 1) {
      children.put(name, ALL);
      return;
    }
    Selection child = children.computeIfAbsent(name, _ -> new Selection());
    if (child != ALL) {
      child.add(names.subList(1, names.size()));
    }
  }

  /** What is wanted of the file with this name; null if nothing. */
  @Nullable Selection child(byte[] name) {
    return this == ALL ? ALL : children.get(ByteBuffer.wrap(name));
  }
}
