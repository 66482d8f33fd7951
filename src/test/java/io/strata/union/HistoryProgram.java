package io.strata.union;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * One of several processes that change a tree at the same time: {@code SEED CHANGES TREE PATHS},
 * where the file PATHS names what is in the tree at the beginning, a line each.
 */
public final class HistoryProgram {
  private HistoryProgram() {}

  /** Does the changes; what the tree answers is not looked at. */
  public static void main(String[] arguments) throws Exception {
    long seed = Long.parseLong(arguments[0]);
    List<String> paths = Files.readAllLines(Path.of(arguments[3]));
    RandomHistory history = new RandomHistory(seed, List.of(Path.of(arguments[2])), paths);
    history.run(Integer.parseInt(arguments[1]));
    history.close();
  }
}
