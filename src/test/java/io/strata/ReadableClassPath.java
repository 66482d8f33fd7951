package io.strata;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;

/** What the program is run from, for a user who can't read what the build uses: root's home. */
public final class ReadableClassPath {
  private ReadableClassPath() {}

  /** Copies the program and its libraries into an empty directory; gives the copies' class path. */
  public static String copyTo(Path copies) throws IOException {
    return copy(copies, element -> !element.contains("test-classes"));
  }

  /** The same, with the tests' classes. */
  public static String copyAllTo(Path copies) throws IOException {
    return copy(copies, _ -> true);
  }

  private static String copy(Path copies, Predicate<String> wanted) throws IOException {
    StringBuilder classPath = new StringBuilder();
    for (String element : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path from = Path.of(element);
      if (Files.exists(from) && wanted.test(element)) {
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
