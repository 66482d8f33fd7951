package io.strata.publish;

import io.strata.delta.DeltaApplier;
import io.strata.delta.DeltaException;
import io.strata.delta.DeltaMaker;
import io.strata.delta.ProgressListener;
import io.strata.delta.StagedImage;
import io.strata.publish.Publication.PublishedDelta;
import io.strata.publish.PublishListener.Step;
import io.strata.store.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes the delta from one snapshot to the next, and proves it. */
final class DeltaStep {
  private final DeltaMaker maker = new DeltaMaker();
  private final DeltaApplier applier = new DeltaApplier();
  private final PublishListener listener;

  DeltaStep(PublishListener listener) {
    this.listener = listener;
  }

  /** Fails now if it would fail later for want of a program. */
  static void checkProgram() throws PublishException {
    Programs.find("xdelta3", "xdelta3");
  }

  /**
   * Stages the delta.
   *
   * @param source the image of {@code from}
   * @param target the image of {@code to}, staged
   * @param digest the SHA-512 of {@code target}
   */
  PublishedDelta make(
      Snapshot from, Path source, Snapshot to, Path target, String digest, Staging staging)
      throws IOException, PublishException {
    String name = from.deltaNameTo(to);
    Path delta = staging.file(name);
    try {
      DeltaMaker.Result result = maker.make(source, target, delta, translated());
      prove(source, delta, staging.file("proof.sqfs"), digest);
      return new PublishedDelta(from, name, Files.size(delta), result.targetBlocks());
    } catch (DeltaException e) {
      String words = String.valueOf(e.getMessage());
      throw new PublishException(
          "the delta " + name + " can't be made: " + words,
          Programs.spaceFault(delta, words) instanceof IOException space ? space : e);
    }
  }

  private void prove(Path source, Path delta, Path proof, String digest)
      throws IOException, DeltaException, PublishException {
    try (StagedImage made = applier.stage(source, delta, proof, translated())) {
      if (!Digests.of(made.path()).equals(digest)) {
        throw new PublishException(
            delta.getFileName() + ": applied, it makes another image; please report this");
      }
    }
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
