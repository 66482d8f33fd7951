package io.strata.publish;

import io.strata.delta.DeltaException;
import io.strata.delta.ProgressListener;
import io.strata.publish.PublishListener.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes deltas, and applies them as clients would. For one publication. */
final class DeltaProof {
  private final Staging staging;
  private final PublishListener listener;

  DeltaProof(Staging staging, PublishListener listener) {
    this.staging = staging;
    this.listener = listener;
  }

  /**
   * Makes a delta.
   *
   * @return its file, which the caller moves or deletes
   * @throws DeltaException if it can't be made
   * @throws PublishException if that is for want of room
   */
  Path make(DeltaFormat format, Path source, Path target)
      throws IOException, DeltaException, PublishException {
    Path delta = staging.work("delta");
    try {
      format.make(source, target, delta, translated());
      return delta;
    } catch (DeltaException e) {
      throw roomOr(e, delta);
    }
  }

  /**
   * Applies a delta, and compares.
   *
   * @param right the SHA-512 of the image that must come out
   * @throws DeltaException if it can't be applied, or another image comes out
   * @throws PublishException if that is for want of room
   */
  void prove(DeltaFormat format, Path source, Path delta, String right)
      throws IOException, DeltaException, PublishException {
    Path proof = staging.work("proof");
    try {
      format.apply(source, delta, proof, translated());
      if (!Digests.sha512(proof).equals(right)) {
        throw new DeltaException("it makes another image; please report this");
      }
    } catch (DeltaException e) {
      throw roomOr(e, proof);
    } finally {
      Files.deleteIfExists(proof);
    }
  }

  private static DeltaException roomOr(DeltaException e, Path file) throws PublishException {
    String words = String.valueOf(e.getMessage());
    if (Programs.spaceFault(file, words) instanceof IOException space) {
      throw new PublishException("no room to make and prove deltas: " + words, space);
    }
    return e;
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
