package io.strata.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * Runs several verbs one after another in one process, so that a single class archive (JEP 483,
 * 514) holds what they all load. For the build only.
 */
final class Rehearsal {
  private static final String NEXT = "--";

  private Rehearsal() {}

  /**
   * Runs the verbs, which stand between words {@code --}. One that fails does not stop the rest.
   */
  public static void main(String[] arguments) {
    List<String> verb = new ArrayList<>();
    for (String word : arguments) {
      if (word.equals(NEXT)) {
        run(verb);
        verb.clear();
      } else {
        verb.add(word);
      }
    }
    run(verb);
  }

  private static void run(List<String> verb) {
    int code = Main.execute(verb.toArray(String[]::new));
    System.err.println("rehearsal: " + verb.getFirst() + " ended with " + code);
  }
}
