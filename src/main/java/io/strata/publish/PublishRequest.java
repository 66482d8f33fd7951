package io.strata.publish;

import io.strata.store.Snapshot;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What is to be published, and how.
 *
 * @param tree the directory whose contents become the image
 * @param snapshot how it will be called
 * @param mirror the mirror directory; made if it is not there
 * @param image how the image is made
 * @param deltas which deltas are made
 * @param retention what stays of what was published before
 * @param signing who signs the index
 * @param oldKey public keys, one of which may have signed the index that is there; for a mirror
 *     that changes its key
 * @param postProcess what is done to the files before they are published
 */
public record PublishRequest(
    Path tree,
    Snapshot snapshot,
    Path mirror,
    ImageOptions image,
    DeltaOptions deltas,
    RetentionOptions retention,
    Signing signing,
    Optional<Path> oldKey,
    Optional<PostProcessOptions> postProcess) {

  /** A request with all defaults, unsigned. */
  public static PublishRequest of(Path tree, Snapshot snapshot, Path mirror) {
    return new PublishRequest(
        tree,
        snapshot,
        mirror,
        ImageOptions.DEFAULT,
        DeltaOptions.DEFAULT,
        RetentionOptions.DEFAULT,
        new Signing.Nobody(),
        Optional.empty(),
        Optional.empty());
  }
}
