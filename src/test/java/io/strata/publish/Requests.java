package io.strata.publish;

import io.strata.store.Snapshot;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** What tests ask to be published; immutable. */
record Requests(
    Path tree,
    Path mirror,
    ImageOptions image,
    DeltaOptions deltas,
    RetentionOptions retention,
    Signing signing,
    Optional<Path> oldKey,
    Optional<PostProcessOptions> postProcess) {

  Requests(Path tree, Path mirror) {
    this(
        tree,
        mirror,
        ImageOptions.DEFAULT,
        DeltaOptions.DEFAULT,
        RetentionOptions.DEFAULT,
        new Signing.Nobody(),
        Optional.empty(),
        Optional.empty());
  }

  Requests image(ImageOptions other) {
    return new Requests(tree, mirror, other, deltas, retention, signing, oldKey, postProcess);
  }

  Requests deltas(DeltaOptions other) {
    return new Requests(tree, mirror, image, other, retention, signing, oldKey, postProcess);
  }

  Requests retention(RetentionOptions other) {
    return new Requests(tree, mirror, image, deltas, other, signing, oldKey, postProcess);
  }

  Requests signedBy(Signing other) {
    return new Requests(tree, mirror, image, deltas, retention, other, oldKey, postProcess);
  }

  Requests oldKey(Path other) {
    return new Requests(
        tree, mirror, image, deltas, retention, signing, Optional.of(other), postProcess);
  }

  Requests postProcess(String command, String filter) {
    PostProcessOptions other = new PostProcessOptions(command, Pattern.compile(filter));
    return new Requests(
        tree, mirror, image, deltas, retention, signing, oldKey, Optional.of(other));
  }

  PublishRequest of(String repository, String version) {
    return new PublishRequest(
        tree,
        new Snapshot(repository, version),
        mirror,
        image,
        deltas,
        retention,
        signing,
        oldKey,
        postProcess);
  }
}
