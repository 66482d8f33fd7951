package io.strata.publish;

import io.strata.delta.DeltaException;
import io.strata.delta.ProgressListener;
import io.strata.publish.Publication.PublishedDelta;
import io.strata.publish.PublishListener.Step;
import io.strata.store.Snapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
  /** NAME_MAX of Linux, in bytes. */
  private static final int NAME_MAX = 255;

  /** A delta that is staged. */
  private record Made(Snapshot from, DeltaFormat format, String name) {}

  private final PublishRequest request;
  private final List<DeltaFormat> formats;
  private final MirrorIndex index;
  private final Staging staging;
  private final StagedFiles files;
  private final PublishListener listener;
  private final List<Made> made = new ArrayList<>();

  DeltaStep(
      PublishRequest request,
      List<DeltaFormat> formats,
      MirrorIndex index,
      Staging staging,
      StagedFiles files,
      PublishListener listener) {
    this.request = request;
    this.formats = formats;
    this.index = index;
    this.staging = staging;
    this.files = files;
    this.listener = listener;
  }

  /** The snapshots that deltas begin at, the latest first. */
  List<Snapshot> bases() throws PublishException {
    List<Snapshot> latest = new ArrayList<>(index.snapshots(request.snapshot().repository()));
    index.current(request.snapshot().repository()).ifPresent(latest::remove);
    index.current(request.snapshot().repository()).ifPresent(latest::add);
    List<Snapshot> bases = latest.reversed();
    return List.copyOf(bases.subList(0, Math.min(request.deltas().snapshots(), bases.size())));
  }

  /** Fails now if it would fail later for want of a program. */
  void checkPrograms() throws PublishException {
    for (DeltaFormat format : formats) {
      format.checkProgram();
    }
  }

  /** Stages the deltas. */
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
    if (!Files.exists(source)) {
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
    if (name.getBytes(StandardCharsets.UTF_8).length > NAME_MAX || index.lists(name)) {
      listener.note(name + ": too long for a file's name, or taken, so it is not made");
      return;
    }
    Path delta = staging.work("delta");
    String image = request.snapshot().imageName();
    try {
      format.make(source(from), files.file(image), delta, translated());
    } catch (DeltaException e) {
      String words = String.valueOf(e.getMessage());
      throw new PublishException(
          "the delta " + name + " can't be made: " + words,
          Programs.spaceFault(delta, words) instanceof IOException space ? space : e);
    }
    if (isWorthIt(name, Files.size(delta), Files.size(files.file(image)))) {
      prove(from, format, delta, name);
      Files.move(delta, files.file(name), StandardCopyOption.ATOMIC_MOVE);
      files.add(name);
      made.add(new Made(from, format, name));
    } else {
      Files.delete(delta);
    }
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
        prove(delta.from(), delta.format(), files.file(delta.name()), delta.name());
      }
    }
  }

  private void prove(Snapshot from, DeltaFormat format, Path delta, String name)
      throws IOException, PublishException {
    Path proof = staging.work("proof");
    try {
      format.apply(source(from), delta, proof, translated());
      String right = files.digests(request.snapshot().imageName()).sha512();
      if (!Digests.sha512(proof).equals(right)) {
        throw new PublishException(
            name
                + ": applied, it makes another image, so nothing is published; please report this");
      }
    } catch (DeltaException e) {
      String words = String.valueOf(e.getMessage());
      throw new PublishException(
          name + ": it can't be applied, so nothing is published: " + words,
          Programs.spaceFault(proof, words) instanceof IOException space ? space : e);
    } finally {
      Files.deleteIfExists(proof);
    }
  }

  private Path source(Snapshot base) {
    return request.mirror().resolve(base.imageName());
  }

  /** What was staged. */
  List<PublishedDelta> published() {
    return made.stream()
        .map(d -> new PublishedDelta(d.from(), d.name(), files.digests(d.name()).size()))
        .toList();
  }

  private ProgressListener translated() {
    return (step, done, total) ->
        listener.progress(
            switch (step) {
              case SELECTING -> Step.DELTA_BLOCKS;
              case ENCODING -> Step.DELTA;
              case APPLYING -> Step.PROOF;
            },
            done,
            total);
  }
}
