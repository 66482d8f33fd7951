package io.strata.publish;

import io.strata.publish.Publication.PublishedDelta;
import io.strata.squashfs.SquashFsImage;
import io.strata.store.Snapshot;
import io.strata.trust.IndexException;
import io.strata.trust.KeyException;
import io.strata.trust.UntrustedIndexException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** One publication, under the mirror's lock. For one run. */
final class PublishRun {
  private final PublishRequest request;
  private final MirrorIndex index;
  private final Staging staging;
  private final Clock clock;
  private final PublishListener listener;
  private final Path image;

  PublishRun(
      PublishRequest request,
      MirrorIndex index,
      Staging staging,
      Clock clock,
      PublishListener listener) {
    this.request = request;
    this.index = index;
    this.staging = staging;
    this.clock = clock;
    this.listener = listener;
    this.image = staging.file(request.snapshot().imageName());
  }

  Publication run()
      throws IOException,
          PublishException,
          KeyException,
          IndexException,
          UntrustedIndexException,
          InterruptedException {
    Optional<String> listed = index.digest(request.snapshot().imageName());
    if (listed.isPresent()) {
      makeImage(makeTimeOfPublished());
      return unchanged(listed.get());
    }
    index.checkName(request.snapshot());
    Optional<Snapshot> before = index.current(request.snapshot().repository());
    if (before.isPresent()) {
      DeltaStep.checkProgram();
    }
    makeImage(request.makeTime().orElse(clock.instant().getEpochSecond()));
    Map<String, String> digests = new LinkedHashMap<>();
    digests.put(request.snapshot().imageName(), Digests.of(image));
    Optional<PublishedDelta> delta = Optional.empty();
    if (before.isPresent() && isSound(before.get())) {
      delta = Optional.of(makeDelta(before.get(), digests));
    }
    return publish(digests, delta);
  }

  private void makeImage(long makeTime) throws IOException, PublishException, InterruptedException {
    new ImageMaker(listener)
        .make(
            request.tree().toRealPath(),
            request.compression(),
            request.blockSize(),
            makeTime,
            image);
  }

  /** An image made again gets the time of the one that it will be compared with. */
  private long makeTimeOfPublished() throws IOException {
    Path published = request.mirror().resolve(request.snapshot().imageName());
    if (request.makeTime().isEmpty() && Files.exists(published)) {
      try (SquashFsImage old = SquashFsImage.open(published)) {
        return old.superblock().makeTime();
      }
    }
    return request.makeTime().orElse(clock.instant().getEpochSecond());
  }

  private Publication unchanged(String listed) throws IOException, PublishException {
    if (!Digests.of(image).equals(listed)) {
      throw new PublishException(
          request.snapshot()
              + " is published already, with other content; choose another version for this tree");
    }
    return new Publication(
        request.snapshot(), false, Files.size(image), Optional.empty(), index.signer());
  }

  /** Whether the image to begin a delta at is the one that clients have. */
  private boolean isSound(Snapshot before) throws IOException {
    Path source = request.mirror().resolve(before.imageName());
    if (!Files.exists(source)) {
      listener.note(source + " is not here, so no delta from it is made");
      return false;
    }
    if (!index.digest(before.imageName()).equals(Optional.of(Digests.of(source)))) {
      listener.note(source + " is not what the index lists, so no delta from it is made");
      return false;
    }
    return true;
  }

  private PublishedDelta makeDelta(Snapshot before, Map<String, String> digests)
      throws IOException, PublishException {
    Path source = request.mirror().resolve(before.imageName());
    Snapshot snapshot = request.snapshot();
    String target = Digests.of(image);
    PublishedDelta delta =
        new DeltaStep(listener).make(before, source, snapshot, image, target, staging);
    digests.put(delta.name(), Digests.of(staging.file(delta.name())));
    return delta;
  }

  private Publication publish(Map<String, String> digests, Optional<PublishedDelta> delta)
      throws IOException, PublishException, KeyException, IndexException, UntrustedIndexException {
    long size = Files.size(image);
    Files.write(staging.file(MirrorIndex.NAME), index.with(digests, request.snapshot()));
    for (String name : digests.keySet()) {
      staging.publish(name);
    }
    staging.publish(MirrorIndex.NAME);
    return new Publication(request.snapshot(), true, size, delta, index.signer());
  }
}
