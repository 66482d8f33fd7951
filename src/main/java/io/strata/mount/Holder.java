package io.strata.mount;

import java.util.List;

/**
 * Who keeps a mount busy.
 *
 * @param kind how
 * @param pid of the process; 0 for what is no process
 * @param command of the process, or what else it is
 * @param path what it holds, or what lies inside
 */
public record Holder(Kind kind, long pid, String command, String path) {
  private static final int SHOWN = 3;

  /** How a mount is held. */
  public enum Kind {
    WORKING_DIRECTORY("working directory"),
    ROOT_DIRECTORY("root directory"),
    PROGRAM("running program"),
    OPEN_FILE("open file"),
    MAPPING("mapped file"),
    MOUNT("mount inside"),
    LOOP_DEVICE("loop device");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    /** What to call it before the user. */
    public String words() {
      return words;
    }
  }

  @Override
  public String toString() {
    String who = pid == 0 ? command : command + " (pid " + pid + ")";
    return who + ": " + kind.words + " " + path;
  }

  /** The first of them in one line, and how many more there are. */
  public static String describe(List<Holder> holders) {
    if (holders.isEmpty()) {
      return "nobody that /proc shows to this user";
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < Math.min(SHOWN, holders.size()); i++) {
      text.append(i == 0 ? "" : ", ").append(holders.get(i));
    }
    if (holders.size() > SHOWN) {
      text.append(", and ").append(holders.size() - SHOWN).append(" more");
    }
    return text.toString();
  }
}
