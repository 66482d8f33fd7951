package io.strata.publish;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A path as the system calls take it. */
final class PathBytes {
  /** NAME_MAX of Linux. */
  private static final int NAME_MAX = 255;

  private PathBytes() {}

  static byte[] of(Path path) {
    String encoding = System.getProperty("sun.jnu.encoding", "UTF-8");
    return path.toString().getBytes(Charset.forName(encoding));
  }

  /** Whether no file can have this name, for its length. */
  static boolean isTooLong(String name) {
    return name.getBytes(StandardCharsets.UTF_8).length > NAME_MAX;
  }
}
