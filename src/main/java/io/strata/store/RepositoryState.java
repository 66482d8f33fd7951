package io.strata.store;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is remembered of a repository between two syncs. Immutable.
 *
 * @param accepted the last index that was accepted
 * @param seen every version that was accepted, oldest first, at most {@link #MAX_SEEN}
 * @param images by version, those that Strata put here: only they may be collected, because another
 *     repository's name may begin with this one's
 */
public record RepositoryState(
    Optional<Accepted> accepted, List<String> seen, Map<String, ImageRecord> images) {

  /** How many accepted versions are remembered: a daily snapshot's for more than ten years. */
  public static final int MAX_SEEN = 4096;

  /** Nothing remembered yet. */
  public static final RepositoryState EMPTY =
      new RepositoryState(Optional.empty(), List.of(), Map.of());

  /** Takes copies, so that the value never changes. */
  public RepositoryState {
    seen = List.copyOf(seen);
    images = Map.copyOf(images);
  }

  /** The state after an index was accepted. */
  public RepositoryState withAccepted(Accepted now) {
    List<String> versions = new ArrayList<>(seen);
    versions.remove(now.version());
    versions.add(now.version());
    int surplus = Math.max(0, versions.size() - MAX_SEEN);
    return new RepositoryState(
        Optional.of(now), versions.subList(surplus, versions.size()), images);
  }

  /** The state with an image added, or remembered anew. */
  public RepositoryState withImage(ImageRecord image) {
    Map<String, ImageRecord> all = new LinkedHashMap<>(images);
    all.put(image.version(), image);
    return new RepositoryState(accepted, seen, all);
  }

  /** The state after an image went. */
  public RepositoryState withoutImage(String version) {
    Map<String, ImageRecord> all = new LinkedHashMap<>(images);
    all.remove(version);
    return new RepositoryState(accepted, seen, all);
  }
}
