package io.strata.publish;

import java.nio.charset.Charset;
import java.nio.file.Path;

/** A path as the system calls take it. */
final class PathBytes {
  private PathBytes() {}

  static byte[] of(Path path) {
    String encoding = System.getProperty("sun.jnu.encoding", "UTF-8");
    return path.toString().getBytes(Charset.forName(encoding));
  }
}
