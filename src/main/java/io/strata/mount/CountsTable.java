package io.strata.mount;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a server counted, for people: a line for each opcode, what came most often first, and then
 * the caches.
 */
public final class CountsTable {
  private static final int CLASSES = 64;
  private static final double NANOS_PER_SECOND = 1e9;

  private final Map<String, Long> counts;

  /**
   * @param counts as {@link MountStatus#statistics} has them
   */
  public CountsTable(Map<String, Long> counts) {
    this.counts = counts;
  }

  /** The lines, without line feeds. */
  public List<String> lines() {
    boolean timed = counts.keySet().stream().anyMatch(name -> name.startsWith(Counts.NANOS));
    List<String> lines = new ArrayList<>();
    lines.add(heading(timed));
    opcodes().forEach(opcode -> lines.add(line(opcode, timed)));
    lines.add(
        "notifications  "
            + names(Counts.NOTIFICATIONS + ".").stream()
                .map(kind -> kind + " " + count(Counts.NOTIFICATIONS + "." + kind))
                .collect(Collectors.joining(", ", "", count(Counts.NOTIFICATIONS) > 0 ? "" : "0")));
    lines.add(
        words(
            "blocks         %d hits, %d misses, %d waits, %d loaded",
            "block-hits", "block-misses", "block-waits", "blocks-loaded"));
    lines.add(
        words(
            "read-ahead     %d blocks, %d used, %d lost",
            "ahead-blocks", "ahead-used", "ahead-lost"));
    lines.add(words("metadata       %d hits, %d misses", "metadata-hits", "metadata-misses"));
    lines.add(words("inodes         %d hits, %d misses", "inode-hits", "inode-misses"));
    return lines;
  }

  private static String heading(boolean timed) {
    String all =
        String.format(Locale.ROOT, "%-16s %10s %8s %14s", "request", "count", "errors", "bytes");
    return timed
        ? all
            + String.format(
                Locale.ROOT,
                " %9s %9s %9s %9s %9s",
                "seconds",
                "mean us",
                "median <",
                "99% <",
                "most us")
        : all;
  }

  private String line(String opcode, boolean timed) {
    long requests = count(Counts.REQUESTS + opcode);
    String all =
        String.format(
            Locale.ROOT,
            "%-16s %10d %8d %14d",
            opcode,
            requests,
            count(Counts.ERRORS + opcode),
            count(Counts.BYTES + opcode));
    if (!timed) {
      return all;
    }
    long nanos = count(Counts.NANOS + opcode);
    return all
        + String.format(
            Locale.ROOT,
            " %9.3f %9.1f %9.1f %9.1f %9.1f",
            nanos / NANOS_PER_SECOND,
            micros(nanos) / requests,
            micros(quantile(opcode, 0.5)),
            micros(quantile(opcode, 0.99)),
            micros(count(Counts.LONGEST + opcode)));
  }

  private static double micros(long nanos) {
    return nanos / 1000.0;
  }

  /** The least power of two that so large a part of the requests did not exceed. */
  private long quantile(String opcode, double part) {
    long all = 0;
    for (int i = 0; i < CLASSES; i++) {
      all += count(Counts.HISTOGRAM + opcode + "." + i);
    }
    long seen = 0;
    for (int i = 0; i < CLASSES - 1; i++) {
      seen += count(Counts.HISTOGRAM + opcode + "." + i);
      if (seen > 0 && seen >= part * all) {
        return 1L << (i + 1);
      }
    }
    return 0;
  }

  private List<String> opcodes() {
    List<String> opcodes = names(Counts.REQUESTS);
    opcodes.sort(Comparator.comparingLong(opcode -> -count(Counts.REQUESTS + opcode)));
    return opcodes;
  }

  private List<String> names(String prefix) {
    List<String> names = new ArrayList<>();
    for (String name : counts.keySet()) {
      if (name.startsWith(prefix)) {
        names.add(name.substring(prefix.length()));
      }
    }
    return names;
  }

  private String words(String format, String... names) {
    Object[] numbers = new Object[names.length];
    for (int i = 0; i < names.length; i++) {
      numbers[i] = count(names[i]);
    }
    return String.format(Locale.ROOT, format, numbers);
  }

  private long count(String name) {
    return counts.getOrDefault(name, 0L);
  }
}
