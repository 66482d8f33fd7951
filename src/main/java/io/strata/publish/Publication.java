package io.strata.publish;

import io.strata.store.Snapshot;
import java.util.Optional;

/**
 * What was published.
 *
 * @param snapshot the snapshot, now listed by the index
 * @param changed false if it was listed before, with the same bytes, and nothing was done
 * @param imageSize in bytes
 * @param delta the delta to it, if there is a snapshot that one could be made from
 * @param signer the fingerprint of the key that signed the index, if one did
 */
public record Publication(
    Snapshot snapshot,
    boolean changed,
    long imageSize,
    Optional<PublishedDelta> delta,
    Optional<String> signer) {
  /**
   * A delta that was published.
   *
   * @param from the snapshot that it begins at
   * @param name of its file
   * @param size in bytes
   * @param blocks how many blocks of the target it has compressed again
   */
  public record PublishedDelta(Snapshot from, String name, long size, int blocks) {}
}
