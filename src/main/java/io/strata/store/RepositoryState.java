package io.strata.store;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is remembered of a repository between two syncs. Immutable.
 *
 * @param accepted the last index that was accepted
 * @param rollback that this one is older than another before it, which the user allowed
 * @param seen every version that was accepted, oldest first, at most {@link #MAX_SEEN}
 * @param digests SHA-512 by version, of the images that accepted indexes listed, at most {@link
 *     #MAX_SEEN}; those learned first come first
 * @param images by version, those that Strata put here: only they may be collected, because another
 *     repository's name may begin with this one's
 */
public record RepositoryState(
    Optional<Accepted> accepted,
    Optional<AllowedRollback> rollback,
    List<String> seen,
    Map<String, String> digests,
    Map<String, ImageRecord> images) {

  /** How many accepted versions are remembered: a daily snapshot's for more than ten years. */
  public static final int MAX_SEEN = 4096;

  /** Nothing remembered yet. */
  public static final RepositoryState EMPTY =
      new RepositoryState(Optional.empty(), Optional.empty(), List.of(), Map.of(), Map.of());

  /** Takes copies, so that the value never changes. */
  public RepositoryState {
    seen = List.copyOf(seen);
    digests = Collections.unmodifiableMap(new LinkedHashMap<>(digests));
    images = Map.copyOf(images);
  }

  /** The state after an index was accepted that is not older than the last one. */
  public RepositoryState withAccepted(Accepted now) {
    List<String> versions = new ArrayList<>(seen);
    versions.remove(now.version());
    versions.add(now.version());
    int surplus = Math.max(0, versions.size() - MAX_SEEN);
    List<String> newest = versions.subList(surplus, versions.size());
    return new RepositoryState(Optional.of(now), rollback, newest, digests, images);
  }

  /**
   * The state after an index was accepted that is older than the last one. The versions that came
   * after it are forgotten, so that the way forward is open.
   */
  public RepositoryState withRollback(Accepted now, AllowedRollback allowed) {
    int at = seen.indexOf(now.version());
    List<String> versions = at < 0 ? seen : seen.subList(0, at);
    return new RepositoryState(accepted, Optional.of(allowed), versions, digests, images)
        .withAccepted(now);
  }

  /** The state after an index that is newer than all that was rolled back from. */
  public RepositoryState withoutRollback() {
    return new RepositoryState(accepted, Optional.empty(), seen, digests, images);
  }

  /** The state with the digests of more versions. */
  public RepositoryState withDigests(Map<String, String> listed) {
    Map<String, String> all = new LinkedHashMap<>(digests);
    listed.keySet().forEach(all::remove);
    all.putAll(listed);
    Iterator<String> oldest = all.keySet().iterator();
    for (int surplus = all.size() - MAX_SEEN; surplus > 0; surplus--) {
      oldest.next();
      oldest.remove();
    }
    return new RepositoryState(accepted, rollback, seen, all, images);
  }

  /** The state with an image added, or remembered anew. */
  public RepositoryState withImage(ImageRecord image) {
    Map<String, ImageRecord> all = new LinkedHashMap<>(images);
    all.put(image.version(), image);
    return new RepositoryState(accepted, rollback, seen, digests, all);
  }

  /** The state after an image went. */
  public RepositoryState withoutImage(String version) {
    Map<String, ImageRecord> all = new LinkedHashMap<>(images);
    all.remove(version);
    return new RepositoryState(accepted, rollback, seen, digests, all);
  }
}
