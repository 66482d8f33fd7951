package io.strata.publish;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What publishers remember of a mirror directory, in its file {@code .published}. Immutable.
 *
 * <p>Lines of UTF-8; others than these mean nothing:
 *
 * <ul>
 *   <li>{@code unlisted SECONDS NAME}: the file may lie here without being listed, since that time
 *       in seconds since 1970. Written before the index that no longer lists it, and for a new file
 *       before the one that does; whoever reads it looks whether it is listed.
 *   <li>{@code tree SHA512 NAME}: what {@link Digests#ofTree} gave for this image before a command
 *       changed it.
 * </ul>
 *
 * @param unlisted since when, by name
 * @param trees digests by the name of the image
 */
record MirrorState(Map<String, Instant> unlisted, Map<String, String> trees) {
  /** Its name in the mirror directory. */
  static final String NAME = ".published";

  private static final Pattern UNLISTED = Pattern.compile("unlisted ([0-9]{1,12}) ([^/.][^/]*)");
  private static final Pattern TREE = Pattern.compile("tree ([0-9a-f]{128}) ([^/.][^/]*)");

  MirrorState {
    unlisted = Map.copyOf(unlisted);
    trees = Map.copyOf(trees);
  }

  /** What is remembered; nothing where nobody has published yet. */
  static MirrorState read(Path mirror) throws IOException {
    Path file = mirror.resolve(NAME);
    Map<String, Instant> unlisted = new TreeMap<>();
    Map<String, String> trees = new TreeMap<>();
    if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      for (String line : text.lines().toList()) {
        Matcher since = UNLISTED.matcher(line);
        Matcher tree = TREE.matcher(line);
        if (since.matches()) {
          unlisted.put(since.group(2), Instant.ofEpochSecond(Long.parseLong(since.group(1))));
        } else if (tree.matches()) {
          trees.put(tree.group(2), tree.group(1));
        }
      }
    }
    return new MirrorState(unlisted, trees);
  }

  /**
   * With files that may lie here unlisted from now on; of those that did before, the time stays.
   */
  MirrorState withUnlisted(Collection<String> names, Instant now) {
    Map<String, Instant> more = new TreeMap<>(unlisted);
    names.forEach(name -> more.putIfAbsent(name, now));
    return new MirrorState(more, trees);
  }

  /** With the digest of the tree that an image is of. */
  MirrorState withTree(String imageName, String digest) {
    Map<String, String> more = new TreeMap<>(trees);
    more.put(imageName, digest);
    return new MirrorState(unlisted, more);
  }

  /** Without what is listed after all, and without the trees of images that are not. */
  MirrorState given(Predicate<String> listed) {
    Map<String, Instant> left = new TreeMap<>(unlisted);
    left.keySet().removeIf(listed);
    Map<String, String> known = new TreeMap<>(trees);
    known.keySet().removeIf(listed.negate());
    return new MirrorState(left, known);
  }

  /** Without files that are gone. */
  MirrorState without(Collection<String> names) {
    Map<String, Instant> left = new TreeMap<>(unlisted);
    left.keySet().removeAll(names);
    return new MirrorState(left, trees);
  }

  /**
   * The files that have been unlisted for as long as {@code grace}, in the order of their names.
   */
  List<String> expired(Instant now, Duration grace) {
    return unlisted.entrySet().stream()
        .filter(entry -> !entry.getValue().plus(grace).isAfter(now))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  /** The digest of the tree that an image was made of, if a command changed the image. */
  Optional<String> tree(String imageName) {
    return Optional.ofNullable(trees.get(imageName));
  }

  byte[] bytes() {
    List<String> lines = new ArrayList<>();
    new TreeMap<>(unlisted)
        .forEach((name, since) -> lines.add("unlisted " + since.getEpochSecond() + " " + name));
    new TreeMap<>(trees).forEach((name, digest) -> lines.add("tree " + digest + " " + name));
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append(line).append('\n'));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
