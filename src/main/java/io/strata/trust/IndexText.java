package io.strata.trust;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;

/**
 * An index as its publisher edits it: all lines of the body, also those that say nothing.
 * Immutable.
 *
 * @param lines a byte is a char of the same number, so that lines of any encoding stay as they are
 * @param signed whether it was a signed message
 */
public record IndexText(List<String> lines, boolean signed) {
  /** What a mirror without an index has. */
  public static final IndexText EMPTY = new IndexText(List.of(), false);

  /** Takes a copy, so that the value never changes. */
  public IndexText {
    lines = List.copyOf(lines);
  }

  /**
   * The body of an index, unverified. What only a comment of the armor names as current becomes a
   * line of the body if the body lists it, because the armor is made anew.
   *
   * @throws IndexException if there is armor that is not whole
   */
  public static IndexText read(byte[] content) throws IndexException {
    List<String> all = TextLines.of(content);
    Optional<ClearSigned> message = ClearSigned.find(all);
    if (message.isEmpty()) {
      return new IndexText(all, false);
    }
    List<String> lines = new ArrayList<>(message.get().body());
    List<String> comments = message.get().signature().headers();
    Index body = Index.read(lines, List.of(), Optional.empty());
    for (String name : Index.read(lines, comments, Optional.empty()).commented()) {
      if (!body.current().contains(name) && body.digests().containsKey(name + ".sqfs")) {
        lines.add("Current: " + raw(name));
      }
    }
    return new IndexText(lines, true);
  }

  /** With a file listed: in its place if it was listed before, else behind all others. */
  public IndexText withDigest(String fileName, String sha512) {
    List<String> edited = new ArrayList<>();
    int end = 0;
    for (String line : lines) {
      Optional<String> listed = listedName(line);
      if (listed.isEmpty() || !listed.get().equals(fileName)) {
        edited.add(line);
      }
      if (listed.isPresent()) {
        end = edited.size();
      }
    }
    edited.add(end, sha512 + "  " + raw(fileName));
    return new IndexText(edited, signed);
  }

  /** Without these files; all other lines stay. */
  public IndexText without(Collection<String> fileNames) {
    List<String> left =
        lines.stream()
            .filter(line -> listedName(line).filter(fileNames::contains).isEmpty())
            .toList();
    return new IndexText(left, signed);
  }

  /** The names of the files that are listed, in the order of their lines. */
  public List<String> listed() {
    return lines.stream().flatMap(line -> listedName(line).stream()).distinct().toList();
  }

  /** With this as the one current snapshot of its repository; other repositories keep theirs. */
  public IndexText withCurrent(String repository, String version) {
    List<String> edited = new ArrayList<>();
    for (String line : lines) {
      withoutCurrent(line, repository).ifPresent(edited::add);
    }
    edited.add("Current: " + raw(repository + "-" + version));
    return new IndexText(edited, signed);
  }

  /** The lines, each with its line feed. */
  public byte[] bytes() {
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append(line).append('\n'));
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static Optional<String> withoutCurrent(String line, String repository) {
    String text = TextLines.utf8(line).orElse(""); // what is none names nothing to a reader either
    Matcher matcher = Index.CURRENT.matcher(text);
    if (!matcher.find()) {
      return Optional.of(line);
    }
    List<String> all = Index.names(text.substring(matcher.end()));
    List<String> others = all.stream().filter(name -> !Index.isOf(repository, name)).toList();
    if (others.size() == all.size()) {
      return Optional.of(line);
    }
    String kept = text.substring(0, matcher.end()) + " " + String.join(" ", others);
    return others.isEmpty() ? Optional.empty() : Optional.of(raw(kept));
  }

  private static Optional<String> listedName(String line) {
    return TextLines.utf8(line)
        .map(Index.DIGEST::matcher)
        .filter(Matcher::matches)
        .map(matcher -> matcher.group(2));
  }

  private static String raw(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }
}
