package io.strata.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * Runs several verbs one after another in one process, so that a single class archive (JEP 483,
 * 514) holds what they all load, and the profiles of what they all run. For the build only.
 */
final class Rehearsal {
  private static final String NEXT = "--";

  private Rehearsal() {}

  /** Runs the verbs, which stand between words {@code --}; ends with the first failure's code. */
  public static void main(String[] arguments) {
    int first = 0;
    List<String> verb = new ArrayList<>();
    for (String word : arguments) {
      if (word.equals(NEXT)) {
        int code = run(verb);
        first = first == 0 ? code : first;
        verb.clear();
      } else {
        verb.add(word);
      }
    }
    int code = run(verb);
    System.exit(first == 0 ? code : first);
  }

  private static int run(List<String> verb) {
    return Main.execute(verb.toArray(String[]::new));
  }
}
