package io.strata.publish;

import io.strata.delta.DeltaException;
import io.strata.delta.ProgressListener;
import io.strata.store.Snapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A format in which deltas are published. A publisher makes each delta in each of its formats, and
 * lists those that are worth it.
 */
interface DeltaFormat {
  /** Which one it is. */
  DeltaKind kind();

  /** What a delta between two snapshots is called. */
  default String name(Snapshot from, Snapshot to) {
    return from.repository() + "-" + from.version() + "-" + to.version() + kind().suffix();
  }

  /** What is missing here to make any delta, and how to get it; empty if nothing is. */
  Optional<String> missing();

  /**
   * Why deltas between such images are no use in this format, without the names of the images;
   * empty if they are.
   */
  Optional<String> refusal(Path source, Path target) throws IOException;

  /**
   * Makes a delta.
   *
   * @param delta the file to make
   * @throws DeltaException if an image is damaged, or is none that the format is for
   */
  void make(Path source, Path target, Path delta, ProgressListener listener)
      throws IOException, DeltaException;

  /**
   * Applies a delta as a client would.
   *
   * @param made the image to make
   */
  void apply(Path source, Path delta, Path made, ProgressListener listener)
      throws IOException, DeltaException;
}
