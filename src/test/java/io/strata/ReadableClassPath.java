package io.strata;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the program is run from, for a user who can't read what the build uses: root's home. */
public final class ReadableClassPath {
  private ReadableClassPath() {}

  /** Copies classes and libraries into an empty directory; gives the class path of the copies. */
  public static String copyTo(Path copies) throws IOException {
    StringBuilder classPath = new StringBuilder();
    for (String element : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path from = Path.of(element);
      if (Files.exists(from) && !element.contains("test-classes")) {
        Path to = copies.resolve(classPath.length() + "-" + from.getFileName());
        copyTree(from, to);
        classPath.append(classPath.isEmpty() ? "" : File.pathSeparator).append(to);
      }
    }
    return classPath.toString();
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }
}
