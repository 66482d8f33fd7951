package io.strata.publish;

import io.strata.store.Snapshot;
import java.util.List;
import java.util.Optional;

/**
 * What was published.
 *
 * @param snapshot the snapshot that the index now lists: the new one, or the one that has the tree
 *     already
 * @param changed false if nothing was to be done
 * @param imageSize in bytes
 * @param files the names of all files that were added, the image first; empty if nothing changed
 * @param deltas those among them that are deltas, the one from the latest snapshot first
 * @param unlisted files that the index no longer lists
 * @param removed files that are gone, the time since they were listed being over
 * @param signer the fingerprint of the key that signed the index, if one did
 */
public record Publication(
    Snapshot snapshot,
    boolean changed,
    long imageSize,
    List<String> files,
    List<PublishedDelta> deltas,
    List<String> unlisted,
    List<String> removed,
    Optional<String> signer) {

  /** Takes copies, so that the value never changes. */
  public Publication {
    files = List.copyOf(files);
    deltas = List.copyOf(deltas);
    unlisted = List.copyOf(unlisted);
    removed = List.copyOf(removed);
  }

  /**
   * A delta that was published.
   *
   * @param from the snapshot that it begins at
   * @param name of its file
   * @param size in bytes
   */
  public record PublishedDelta(Snapshot from, String name, long size) {}
}
