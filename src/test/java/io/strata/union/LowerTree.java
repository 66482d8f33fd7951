package io.strata.union;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A small tree of everything, to lie at the bottom of a union. */
final class LowerTree {
  private LowerTree() {}

  /** Makes it in {@code root}; gives the paths in it. */
  static List<String> make(Path root) throws IOException {
    List<String> paths = new ArrayList<>();
    for (String directory : List.of("a", "a/b", "a/b/c", "d", "d/e", "empty", "d/empty")) {
      Files.createDirectories(root.resolve(directory));
      paths.add(directory);
      if (!directory.endsWith("empty")) {
        for (int i = 0; i < 5; i++) {
          file(root, directory + "/f" + i, i, paths);
        }
      }
    }
    Files.createLink(root.resolve("hard"), root.resolve("a/f0"));
    Files.createLink(root.resolve("d/hard"), root.resolve("a/f0"));
    Files.createLink(root.resolve("d/e/other"), root.resolve("a/b/f2"));
    Files.createSymbolicLink(root.resolve("link"), Path.of("a/f1"));
    Files.createSymbolicLink(root.resolve("d/link"), Path.of("nowhere"));
    paths.addAll(List.of("hard", "d/hard", "d/e/other", "link", "d/link"));
    return paths;
  }

  private static void file(Path root, String path, int size, List<String> paths)
      throws IOException {
    Files.write(root.resolve(path), (path + "\n").repeat(size * size * 500).getBytes());
    paths.add(path);
  }
}
