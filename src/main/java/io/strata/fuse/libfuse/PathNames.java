package io.strata.fuse.libfuse;

import java.util.ArrayList;
import java.util.List;

/** A path of libfuse's as names: {@code /a/b} is a, b; {@code /} none. */
record PathNames(List<byte[]> names) {
  /** Reads a NUL-terminated path. */
  static PathNames at(long address) {
    return of(NativeMemory.string(address));
  }

  static PathNames of(byte[] path) {
    List<byte[]> names = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= path.length; i++) {
      if (i == path.length || path[i] == '/') {
        if (i > start) {
          byte[] name = new byte[i - start];
          System.arraycopy(path, start, name, 0, name.length);
          names.add(name);
        }
        start = i + 1;
      }
    }
    return new PathNames(names);
  }

  int count() {
    return names.size();
  }

  byte[] last() {
    return names.getLast();
  }
}
