package io.strata.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A progress bar on stderr, drawn at most ten times a second, and nothing where stderr is no
 * terminal. Thread-safe.
 */
public final class Progress implements AutoCloseable {
  private static final int WIDTH = 30;

  /** Before that much of a phase has passed, its rate says little. */
  private static final double SECONDS_TO_JUDGE = 1;

  private static final long INTERVAL_NANOS = 100_000_000;

  /** What {@code --progress} takes. */
  public enum Mode {
    /** A bar where stderr is a terminal, else nothing. */
    AUTO,
    /** A line for each phase, no bar. */
    PLAIN,
    /** Nothing. */
    NONE
  }

  private final PrintStream out;
  private final boolean bar;
  private final boolean plain;
  private String phase = ""; // guarded by this, as are all below
  private long started;
  private long startedAt; // what was done already when the phase began
  private long drawn;
  private boolean dirty;

  private Progress(PrintStream out, boolean bar, boolean plain) {
    this.out = out;
    this.bar = bar;
    this.plain = plain;
  }

  /** Progress on stderr as {@code mode} has it. */
  public static Progress onStandardError(Mode mode) {
    boolean bar = mode == Mode.AUTO && isTerminal();
    return new Progress(System.err, bar, mode == Mode.PLAIN);
  }

  private static boolean isTerminal() {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Says how far a phase has come.
   *
   * @param name the phase, as {@code downloading guru-20260630.sqfs}
   * @param done how much of it
   * @param total all of it; 0 or less where nobody knows
   */
  public synchronized void update(String name, long done, long total) {
    show(name, done, total, true);
  }

  /** Like {@link #update}, for what is not counted in bytes. */
  public synchronized void count(String name, long done, long total) {
    show(name, done, total, false);
  }

  private void show(String name, long done, long total, boolean inBytes) {
    long now = System.nanoTime();
    if (!name.equals(phase)) {
      begin(name, now, done);
    }
    if (bar && (now - drawn >= INTERVAL_NANOS || done >= total)) {
      drawn = now;
      draw(done, total, inBytes, now);
    }
  }

  private void begin(String name, long now, long done) {
    clear();
    phase = name;
    started = now;
    startedAt = done;
    drawn = 0;
    if (plain) {
      out.println(name);
    }
  }

  private void draw(long done, long total, boolean inBytes, long now) {
    double seconds = Math.max((now - started) / 1e9, 1e-3);
    StringBuilder line = new StringBuilder("\r\u001b[K").append(phase);
    if (total > 0) {
      double share = Math.clamp((double) done / total, 0.0, 1.0);
      int filled = (int) (share * WIDTH);
      line.append(" [").append("#".repeat(filled)).append(" ".repeat(WIDTH - filled));
      line.append(String.format(Locale.ROOT, "] %3.0f%%", share * 100));
    }
    double rate = Math.max(0, done - startedAt) / seconds;
    if (inBytes) {
      line.append(' ').append(bytes(done)).append("  ").append(bytes((long) rate)).append("/s");
    }
    if (total > done && rate > 0 && seconds >= SECONDS_TO_JUDGE) {
      line.append("  ").append(left((long) ((total - done) / rate))).append(" left");
    }
    out.print(line);
    out.flush();
    dirty = true;
  }

  /** A time for people, as {@code 1:05} or {@code 2:00:10}. */
  static String left(long seconds) {
    long hours = Math.min(seconds / 3600, 999);
    return hours > 0
        ? String.format(Locale.ROOT, "%d:%02d:%02d", hours, seconds / 60 % 60, seconds % 60)
        : String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
  }

  /** A size for people, as {@code 13.9 MiB}. */
  public static String bytes(long count) {
    if (count < 1024) {
      return count + " B";
    }
    double value = count;
    int unit = -1;
    while (value >= 1024 && unit < 4) {
      value /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %ciB", value, "KMGTP".charAt(unit));
  }

  private void clear() {
    if (dirty) {
      out.print("\r\u001b[K");
      out.flush();
      dirty = false;
    }
  }

  /** Takes the bar away, so that other lines can be printed. */
  @Override
  public synchronized void close() {
    clear();
    phase = "";
  }
}
