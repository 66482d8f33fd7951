package io.strata.publish;

import io.strata.delta.DeltaException;
import io.strata.publish.Publication.PublishedDelta;
import io.strata.store.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * Makes the deltas to a new snapshot, proves each by applying it, and leaves out what is not worth
 * it. For one publication.
 */
final class DeltaStep {
  /** A delta that is staged. */
  private record Made(Snapshot from, DeltaFormat format, String name) {}

  private final PublishRequest request;
  private final MirrorIndex index;
  private final StagedFiles files;
  private final PublishListener listener;
  private final FormatChoice choice;
  private final DeltaProof proof;
  private final List<DeltaFormat> formats = new ArrayList<>();
  private final List<Made> made = new ArrayList<>();

  DeltaStep(
      PublishRequest request,
      List<DeltaFormat> formats,
      MirrorIndex index,
      Staging staging,
      StagedFiles files,
      PublishListener listener) {
    this.request = request;
    this.index = index;
    this.files = files;
    this.listener = listener;
    this.choice = new FormatChoice(formats, request.deltas(), listener);
    this.proof = new DeltaProof(staging, listener);
  }

  /** The snapshots that deltas begin at, the latest first. */
  List<Snapshot> bases() throws PublishException {
    List<Snapshot> latest = new ArrayList<>(index.snapshots(request.snapshot().repository()));
    index.current(request.snapshot().repository()).ifPresent(latest::remove);
    index.current(request.snapshot().repository()).ifPresent(latest::add);
    List<Snapshot> bases = latest.reversed();
    return List.copyOf(bases.subList(0, Math.min(request.deltas().snapshots(), bases.size())));
  }

  /** Chooses formats, and fails now if it would fail later for want of a program. */
  void chooseFormats() throws PublishException {
    formats.addAll(choice.available());
  }

  /** Stages the deltas, in the formats that were chosen. */
  void make(List<Snapshot> bases) throws IOException, PublishException {
    for (Snapshot from : bases) {
      if (isSound(from)) {
        for (DeltaFormat format : formats) {
          make(from, format);
        }
      }
    }
  }

  /** Whether the image to begin a delta at is the one that clients have. */
  private boolean isSound(Snapshot base) throws IOException {
    Path source = source(base);
    if (!Files.isRegularFile(source)) {
      listener.note(source + " is not here, so no delta from it is made");
      return false;
    }
    if (!index.digest(base.imageName()).filter(Digests.sha512(source)::equals).isPresent()) {
      listener.note(source + " is not what the index lists, so no delta from it is made");
      return false;
    }
    return true;
  }

  private void make(Snapshot from, DeltaFormat format) throws IOException, PublishException {
    String name = format.name(from, request.snapshot());
    if (PathBytes.isTooLong(name) || index.lists(name)) {
      listener.note(name + ": too long for a file's name, or taken, so it is not made");
      return;
    }
    if (!choice.suits(format, source(from), image())) {
      return;
    }
    try {
      stage(from, format, name);
    } catch (DeltaException e) {
      leaveOut(format, name, e);
    }
  }

  private void stage(Snapshot from, DeltaFormat format, String name)
      throws IOException, DeltaException, PublishException {
    Path delta = proof.make(format, source(from), image());
    try {
      if (isWorthIt(name, Files.size(delta), Files.size(image()))) {
        proof.prove(format, source(from), delta, imageDigest());
        Files.move(delta, files.file(name), StandardCopyOption.ATOMIC_MOVE);
        files.add(name);
        made.add(new Made(from, format, name));
      }
    } finally {
      Files.deleteIfExists(delta);
    }
  }

  /** A client that finds no delta takes another way, so only who demanded it must have it. */
  private void leaveOut(DeltaFormat format, String name, DeltaException why)
      throws PublishException {
    if (choice.isDemanded(format)) {
      throw new PublishException(
          name + ": it can't be made, so nothing is published: " + why.getMessage(), why);
    }
    listener.note(name + ": it can't be made, and is left out: " + why.getMessage());
  }

  private boolean isWorthIt(String name, long size, long image) {
    double share = (double) size / image;
    if (share > request.deltas().maxShare()) {
      listener.note(
          String.format(
              Locale.ROOT,
              "%s would have %.0f %% of the image's size, above %.0f %%, and is not published",
              name,
              100 * share,
              100 * request.deltas().maxShare()));
      return false;
    }
    return true;
  }

  /** Proves those deltas once more that a command has changed. */
  void proveAgain(Collection<String> changed) throws IOException, PublishException {
    for (Made delta : made) {
      if (changed.contains(delta.name())) {
        try {
          proof.prove(
              delta.format(), source(delta.from()), files.file(delta.name()), imageDigest());
        } catch (DeltaException e) {
          throw new PublishException(
              delta.name()
                  + ": the command of --post-process changed it, and it can't be applied any more,"
                  + " so nothing is published: "
                  + e.getMessage(),
              e);
        }
      }
    }
  }

  private Path source(Snapshot base) {
    return request.mirror().resolve(base.imageName());
  }

  private Path image() {
    return files.file(request.snapshot().imageName());
  }

  private String imageDigest() {
    return files.digests(request.snapshot().imageName()).sha512();
  }

  /** What was staged. */
  List<PublishedDelta> published() {
    return made.stream()
        .map(d -> new PublishedDelta(d.from(), d.name(), files.digests(d.name()).size()))
        .toList();
  }
}
