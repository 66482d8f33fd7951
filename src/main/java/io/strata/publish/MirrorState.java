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
 *   <li>{@code image SHA512 NAME}: an image of this name was last listed with this digest. Stays
 *       when the image is gone, since clients may have it.
 *   <li>{@code tree SHA512 NAME}: what {@link Digests#ofTree} gave for this image before a command
 *       changed it.
 * </ul>
 *
 * @param unlisted since when, by name
 * @param trees digests by the name of the image
 * @param images digests by the name of the image
 */
record MirrorState(
    Map<String, Instant> unlisted, Map<String, String> trees, Map<String, String> images) {
  /** Its name in the mirror directory. */
  static final String NAME = ".published";

  private static final Pattern UNLISTED = Pattern.compile("unlisted ([0-9]{1,12}) ([^/.][^/]*)");
  private static final Pattern DIGEST =
      Pattern.compile("(tree|image) ([0-9a-f]{128}) ([^/.][^/]*)");

  /** Where nobody has published yet. */
  static final MirrorState EMPTY = new MirrorState(Map.of(), Map.of(), Map.of());

  MirrorState {
    unlisted = Map.copyOf(unlisted);
    trees = Map.copyOf(trees);
    images = Map.copyOf(images);
  }

  /** What is remembered; nothing where nobody has published yet. */
  static MirrorState read(Path mirror) throws IOException {
    Path file = mirror.resolve(NAME);
    Map<String, Instant> unlisted = new TreeMap<>();
    Map<String, String> trees = new TreeMap<>();
    Map<String, String> images = new TreeMap<>();
    if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      for (String line : text.lines().toList()) {
        Matcher since = UNLISTED.matcher(line);
        Matcher digest = DIGEST.matcher(line);
        if (since.matches()) {
          unlisted.put(since.group(2), Instant.ofEpochSecond(Long.parseLong(since.group(1))));
        } else if (digest.matches()) {
          (digest.group(1).equals("tree") ? trees : images).put(digest.group(3), digest.group(2));
        }
      }
    }
    return new MirrorState(unlisted, trees, images);
  }

  /**
   * With files that may lie here unlisted from now on; of those that did before, the time stays.
   */
  MirrorState withUnlisted(Collection<String> names, Instant now) {
    Map<String, Instant> more = new TreeMap<>(unlisted);
    names.forEach(name -> more.putIfAbsent(name, now));
    return new MirrorState(more, trees, images);
  }

  /** With the digest of the tree that an image is of. */
  MirrorState withTree(String imageName, String digest) {
    Map<String, String> more = new TreeMap<>(trees);
    more.put(imageName, digest);
    return new MirrorState(unlisted, more, images);
  }

  /** With images that are listed, with these digests. */
  MirrorState withImages(Map<String, String> digests) {
    Map<String, String> more = new TreeMap<>(images);
    more.putAll(digests);
    return new MirrorState(unlisted, trees, more);
  }

  /** Without what is listed after all, and without the trees of images that are not. */
  MirrorState given(Predicate<String> listed) {
    Map<String, Instant> left = new TreeMap<>(unlisted);
    left.keySet().removeIf(listed);
    Map<String, String> known = new TreeMap<>(trees);
    known.keySet().removeIf(listed.negate());
    return new MirrorState(left, known, images);
  }

  /** Without files that are gone. */
  MirrorState without(Collection<String> names) {
    Map<String, Instant> left = new TreeMap<>(unlisted);
    left.keySet().removeAll(names);
    return new MirrorState(left, trees, images);
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

  /** The digest with which an image of this name was listed, if ever one was. */
  Optional<String> image(String name) {
    return Optional.ofNullable(images.get(name));
  }

  byte[] bytes() {
    List<String> lines = new ArrayList<>();
    new TreeMap<>(unlisted)
        .forEach((name, since) -> lines.add("unlisted " + since.getEpochSecond() + " " + name));
    new TreeMap<>(trees).forEach((name, digest) -> lines.add("tree " + digest + " " + name));
    new TreeMap<>(images).forEach((name, digest) -> lines.add("image " + digest + " " + name));
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append(line).append('\n'));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
