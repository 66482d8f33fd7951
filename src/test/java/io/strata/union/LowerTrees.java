package io.strata.union;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Trees to lie at the bottom of a mount. */
public final class LowerTrees {
  private static final int COPIES = 12;

  private LowerTrees() {}

  /** Some hundred files of everything; gives the paths. */
  public static List<String> makeMany(Path root) throws IOException {
    List<String> paths = new ArrayList<>();
    for (int i = 0; i < COPIES; i++) {
      String name = "t" + i;
      paths.add(name);
      for (String path : LowerTree.make(Files.createDirectory(root.resolve(name)))) {
        paths.add(name + "/" + path);
      }
    }
    return paths;
  }
}
