package io.strata.mount;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What /proc says of processes. Immutable. */
public final class Processes {
  private final Path proc;

  private Processes(Path proc) {
    this.proc = proc;
  }

  /** The processes that this one sees. */
  public static Processes system() {
    return new Processes(Path.of("/proc"));
  }

  /** A tree that looks like /proc, for tests. */
  static Processes below(Path proc) {
    return new Processes(proc);
  }

  Path directory(long pid) {
    return proc.resolve(Long.toString(pid));
  }

  /**
   * When a process was started, in clock ticks since the machine was; with the pid it names a
   * process for good, since pids are used again. Field 22 of proc_pid_stat(5).
   *
   * @return nothing where there is no such process, or where it is a zombie
   */
  public Optional<Long> startTime(long pid) {
    try {
      String stat = Texts.read(directory(pid).resolve("stat"), StandardCharsets.ISO_8859_1);
      return startTime(stat);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  // The command in parentheses may hold anything, so count from behind it.
  static Optional<Long> startTime(String stat) {
    int at = stat.lastIndexOf(')') + 2;
    if (at < 2 || at >= stat.length() || stat.charAt(at) == 'Z') {
      return Optional.empty();
    }
    for (int field = 3; field < 22; field++) {
      at = stat.indexOf(' ', at) + 1;
      if (at == 0) {
        return Optional.empty();
      }
    }
    int end = stat.indexOf(' ', at);
    try {
      return Optional.of(Long.parseLong(stat, at, end < 0 ? stat.length() : end, 10));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Whether the process that had this pid and start is still there. */
  public boolean alive(long pid, long startTime) {
    return startTime(pid).filter(start -> start == startTime).isPresent();
  }

  /** The short name of a process's command, as {@code ps} has it. */
  public String command(long pid) {
    try {
      String name = Texts.read(directory(pid).resolve("comm"), StandardCharsets.UTF_8);
      return name.strip();
    } catch (IOException e) {
      return "?";
    }
  }

  /** The pids of all processes. */
  List<Long> all() throws IOException {
    List<Long> pids = new ArrayList<>();
    try (var entries = Files.newDirectoryStream(proc)) {
      for (Path entry : entries) {
        String name = String.valueOf(entry.getFileName());
        if (isNumber(name)) {
          pids.add(Long.parseLong(name));
        }
      }
    }
    pids.sort(null);
    return pids;
  }

  private static boolean isNumber(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (name.charAt(i) < '0' || name.charAt(i) > '9') {
        return false;
      }
    }
    return !name.isEmpty() && name.length() < 12;
  }
}
