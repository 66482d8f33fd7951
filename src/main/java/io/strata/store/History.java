package io.strata.store;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Which snapshots of a repository were current, and what a rollback left behind. Immutable.
 *
 * @param versions that were current, oldest first, at most {@link #MAX_VERSIONS}; the last is the
 *     one that the link names, unless a process was killed between the two
 * @param heldBack the version that was rolled back from: a sync does not go there again
 * @param told the version that the hooks heard of last; another one that is current they are still
 *     to be told of
 */
public record History(List<String> versions, Optional<String> heldBack, Optional<String> told) {

  /** More than anybody keeps images of. */
  public static final int MAX_VERSIONS = 256;

  /** Nothing was current yet. */
  public static final History EMPTY = new History(List.of(), Optional.empty(), Optional.empty());

  /** Takes a copy, so that the value never changes. */
  public History {
    versions = List.copyOf(versions);
  }

  /** The history once {@code version} is current; going back forgets what came after it. */
  public History withCurrent(String version) {
    List<String> now = new ArrayList<>(versions);
    int at = now.indexOf(version);
    if (at >= 0) {
      now.subList(at + 1, now.size()).clear();
    } else {
      now.add(version);
    }
    int surplus = Math.max(0, now.size() - MAX_VERSIONS);
    return new History(now.subList(surplus, now.size()), heldBack, told);
  }

  /** The same, with another version held back, or none. */
  public History holding(Optional<String> version) {
    return new History(versions, version, told);
  }

  /** The same, once the hooks have heard of {@code version}. */
  public History telling(String version) {
    return new History(versions, heldBack, Optional.of(version));
  }

  /** What was current before {@code version} was, newest first. */
  public List<String> before(String version) {
    int at = versions.indexOf(version);
    List<String> earlier = new ArrayList<>(versions.subList(0, at < 0 ? versions.size() : at));
    Collections.reverse(earlier);
    return earlier;
  }
}
