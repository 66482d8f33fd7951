package io.strata.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@link History} as text, one fact a line:
 *
 * <pre>
 * strata-history 2
 * was VERSION          oldest first
 * held VERSION         at most one
 * told VERSION         at most one
 * end
 * </pre>
 *
 * <p>Version 1 had no {@code told}: the hooks were run at once, or never.
 */
final class HistoryFile {
  private static final String HEADER = "strata-history 2";
  private static final String FIRST_HEADER = "strata-history 1";
  private static final String END = "end";
  private static final String WAS = "was ";
  private static final String HELD = "held ";
  private static final String TOLD = "told ";

  private HistoryFile() {}

  /** The text of a history. */
  static String write(History history) {
    StringBuilder text = new StringBuilder(HEADER).append('\n');
    history.versions().forEach(version -> text.append(WAS).append(version).append('\n'));
    history.heldBack().ifPresent(version -> text.append(HELD).append(version).append('\n'));
    history.told().ifPresent(version -> text.append(TOLD).append(version).append('\n'));
    return text.append(END).append('\n').toString();
  }

  /**
   * The history that a text holds.
   *
   * @throws StoreException if any line is not as {@link #write} makes it
   */
  static History read(String repository, String text) throws StoreException {
    List<String> lines = text.lines().toList();
    boolean whole = lines.size() >= 2 && lines.getLast().equals(END);
    if (!whole || !List.of(HEADER, FIRST_HEADER).contains(lines.getFirst())) {
      throw new StoreException("it is not a whole history file of version 1 or 2");
    }
    List<String> versions = new ArrayList<>();
    Optional<String> held = Optional.empty();
    Optional<String> told = Optional.empty();
    for (String line : lines.subList(1, lines.size() - 1)) {
      if (line.startsWith(WAS)) {
        versions.add(version(repository, line.substring(WAS.length())));
      } else if (line.startsWith(HELD) && held.isEmpty()) {
        held = Optional.of(version(repository, line.substring(HELD.length())));
      } else if (line.startsWith(TOLD) && told.isEmpty()) {
        told = Optional.of(version(repository, line.substring(TOLD.length())));
      } else {
        throw new StoreException("damaged line '" + line + "'");
      }
    }
    if (lines.getFirst().equals(FIRST_HEADER) && !versions.isEmpty()) {
      told = Optional.of(versions.getLast());
    }
    return new History(versions, held, told);
  }

  private static String version(String repository, String version) throws StoreException {
    return Snapshot.of(repository, version).version();
  }
}
