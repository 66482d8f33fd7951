package io.strata.trust;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an index says. Immutable.
 *
 * @param digests SHA-512 by file name, 128 lower-case hexadecimal digits
 * @param current the names behind {@code Current:} in the body
 * @param commented those in comments of the armor, which nobody signed
 * @param signature by which the index is trusted; empty where none was asked for or found
 */
public record Index(
    Map<String, String> digests,
    List<String> current,
    List<String> commented,
    Optional<IndexSignature> signature) {
  static final Pattern DIGEST = Pattern.compile("([0-9A-Fa-f]{128}) [ *]([^/\\p{Cntrl}]+)");
  static final Pattern CURRENT = Pattern.compile("current:", Pattern.CASE_INSENSITIVE);
  private static final String IMAGE = ".sqfs";
  private static final Pattern BLANKS = Pattern.compile("[\\s,]+");

  /**
   * How another repository's name goes on that begins with this one's: a word, then a version.
   * {@code gentoo-overlay-20260630} is no snapshot of {@code gentoo}.
   */
  private static final Pattern OTHERS = Pattern.compile("[A-Za-z_][A-Za-z_+.-]*-[0-9].*");

  /** Takes copies, so that the value never changes. */
  public Index {
    digests = Map.copyOf(digests);
    current = List.copyOf(current);
    commented = List.copyOf(commented);
  }

  /**
   * Reads the lines of an index.
   *
   * @param body all that counts fully
   * @param comments of the armor, where only {@code Current:} counts
   * @throws IndexException if a name is listed with two digests
   */
  static Index read(List<String> body, List<String> comments, Optional<IndexSignature> signature)
      throws IndexException {
    Map<String, String> digests = new HashMap<>();
    List<String> current = new ArrayList<>();
    for (String line : body) {
      Optional<String> text = TextLines.utf8(line);
      if (text.isPresent()) {
        addDigest(digests, text.get());
        addCurrent(current, text.get());
      }
    }
    List<String> commented = new ArrayList<>();
    for (String line : comments) {
      if (line.startsWith("Comment:")) {
        TextLines.utf8(line).ifPresent(text -> addCurrent(commented, text));
      }
    }
    return new Index(digests, current, commented, signature);
  }

  /** The SHA-512 of a file, if it is listed. */
  public Optional<String> digest(String fileName) {
    return Optional.ofNullable(digests.get(fileName));
  }

  /** The SHA-512 of each listed image of a repository, by version. */
  public Map<String, String> images(String repository) {
    Map<String, String> images = new TreeMap<>();
    digests.forEach(
        (file, digest) -> {
          if (file.endsWith(IMAGE)) {
            String name = file.substring(0, file.length() - IMAGE.length());
            if (isOf(repository, name)) {
              images.put(name.substring(repository.length() + 1), digest);
            }
          }
        });
    return images;
  }

  /**
   * The version of a repository's current snapshot: the first that is named, in the body if there
   * is one.
   *
   * @throws IndexException if none is named, or its image is not listed
   */
  public String currentVersion(String repository) throws IndexException {
    String prefix = repository + "-";
    Optional<String> name = named(current, repository).or(() -> named(commented, repository));
    if (name.isEmpty()) {
      throw new IndexException("it names no current snapshot of " + repository);
    }
    if (!digests.containsKey(name.get() + IMAGE)) {
      throw new IndexException(
          "it names " + name.get() + " as current, but lists no " + name.get() + ".sqfs");
    }
    return name.get().substring(prefix.length());
  }

  /**
   * A version that is listed and newer than the current one, where only a comment says which is the
   * current one: whoever serves the index may hold the newer one back.
   */
  public Optional<String> withheld(String repository, String version) {
    if (named(current, repository).isPresent()) {
      return Optional.empty();
    }
    return images(repository).keySet().stream()
        .filter(other -> VersionOrder.compare(other, version).orElse(0) > 0)
        .findFirst();
  }

  private static Optional<String> named(List<String> names, String repository) {
    return names.stream().filter(name -> isOf(repository, name)).findFirst();
  }

  /**
   * Whether a name is that of a snapshot of this repository, and not of another one whose name
   * begins alike. Also for the names of deltas, without their suffix.
   */
  public static boolean isOf(String repository, String name) {
    String prefix = repository + "-";
    return name.startsWith(prefix)
        && name.length() > prefix.length()
        && !OTHERS.matcher(name.substring(prefix.length())).matches();
  }

  private static void addDigest(Map<String, String> digests, String line) throws IndexException {
    Matcher matcher = DIGEST.matcher(line);
    if (!matcher.matches()) {
      return;
    }
    String digest = matcher.group(1).toLowerCase(Locale.ROOT);
    String before = digests.putIfAbsent(matcher.group(2), digest);
    if (before != null && !before.equals(digest)) {
      throw new IndexException("it lists " + matcher.group(2) + " with two digests");
    }
  }

  private static void addCurrent(List<String> current, String line) {
    Matcher matcher = CURRENT.matcher(line);
    if (matcher.find()) {
      current.addAll(names(line.substring(matcher.end())));
    }
  }

  /** The names in what follows a {@code Current:}. */
  static List<String> names(String text) {
    List<String> names = new ArrayList<>();
    for (String name : BLANKS.split(CURRENT.matcher(text).replaceAll(" "), -1)) {
      // What no file may be called would only do mischief in a message.
      if (!name.isEmpty() && name.chars().noneMatch(Character::isISOControl)) {
        names.add(name);
      }
    }
    return names;
  }
}
