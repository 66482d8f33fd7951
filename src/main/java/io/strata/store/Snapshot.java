package io.strata.store;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One published version of a repository.
 *
 * @param repository letters, digits and {@code _ . + -}, not beginning with {@code - . +}
 * @param version any string without {@code /} and control characters that leaves the image's name
 *     within 255 bytes; {@code current} is taken by the link
 */
public record Snapshot(String repository, String version) {
  private static final Pattern REPOSITORY = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.+-]*");
  private static final String SUFFIX = ".sqfs";
  private static final String CURRENT = "current";

  /** NAME_MAX of Linux, in bytes. */
  private static final int NAME_MAX = 255;

  /**
   * A snapshot whose name is known to be good.
   *
   * @throws IllegalArgumentException where it is not
   */
  public Snapshot {
    Optional<String> fault = fault(repository, version);
    if (fault.isPresent()) {
      throw new IllegalArgumentException(fault.get());
    }
  }

  /** A snapshot whose name comes from outside. */
  public static Snapshot of(String repository, String version) throws StoreException {
    Optional<String> fault = fault(repository, version);
    if (fault.isPresent()) {
      throw new StoreException(fault.get());
    }
    return new Snapshot(repository, version);
  }

  /** The snapshot whose image bears this name, if it can be one of the repository's. */
  public static Optional<Snapshot> ofImageName(String repository, String fileName) {
    String prefix = repository + "-";
    if (!fileName.startsWith(prefix)
        || !fileName.endsWith(SUFFIX)
        || fileName.length() <= prefix.length() + SUFFIX.length()) {
      return Optional.empty();
    }
    String version = fileName.substring(prefix.length(), fileName.length() - SUFFIX.length());
    return fault(repository, version).isPresent()
        ? Optional.empty()
        : Optional.of(new Snapshot(repository, version));
  }

  /** Whether a repository may be called that. */
  public static boolean isRepositoryName(String name) {
    return REPOSITORY.matcher(name).matches() && name.length() <= NAME_MAX / 2;
  }

  /** {@code ${repo}-${version}.sqfs}. */
  public String imageName() {
    return repository + "-" + version + SUFFIX;
  }

  /** {@code ${repo}-${old}-${new}.sqdelta}, from this snapshot to a newer one. */
  public String deltaNameTo(Snapshot newer) {
    return repository + "-" + version + "-" + newer.version + ".sqdelta";
  }

  /** {@code ${repo}-current.sqfs}. */
  static String linkName(String repository) {
    return repository + "-" + CURRENT + SUFFIX;
  }

  @Override
  public String toString() {
    return repository + "-" + version;
  }

  private static Optional<String> fault(String repository, String version) {
    if (!isRepositoryName(repository)) {
      return Optional.of(
          "not a repository's name: "
              + printable(repository)
              + "; take letters, digits and _ . + -, beginning with a letter, a digit or _");
    }
    if (version.isEmpty()
        || version.equals(CURRENT)
        || version.indexOf('/') >= 0
        || version.chars().anyMatch(Character::isISOControl)) {
      return Optional.of(
          "not a snapshot's version: "
              + printable(version)
              + "; take another one, such as a date, without / and control characters");
    }
    String image = repository + "-" + version + SUFFIX;
    if (image.getBytes(StandardCharsets.UTF_8).length > NAME_MAX) {
      return Optional.of("the version is too long for a file name: " + printable(version));
    }
    return fileNameFault(image);
  }

  private static Optional<String> fileNameFault(String image) {
    try {
      return Path.of(image).getNameCount() == 1
          ? Optional.empty()
          : Optional.of("not a file name: " + printable(image));
    } catch (InvalidPathException e) {
      return Optional.of(
          "the locale cannot write the file name "
              + printable(image)
              + "; set LC_ALL to a UTF-8 locale");
    }
  }

  private static String printable(String text) {
    String shown = text.length() > 80 ? text.substring(0, 80) + "..." : text;
    return '\'' + shown.replaceAll("\\p{Cntrl}", "?") + '\'';
  }
}
