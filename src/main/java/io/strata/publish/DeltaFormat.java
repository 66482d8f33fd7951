package io.strata.publish;

import io.strata.delta.DeltaException;
import io.strata.delta.ProgressListener;
import io.strata.store.Snapshot;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A format in which deltas are published. A publisher makes each delta in each of its formats, and
 * lists those that are worth it.
 */
interface DeltaFormat {
  /** How the names of its files end. */
  String suffix();

  /** What a delta between two snapshots is called. */
  default String name(Snapshot from, Snapshot to) {
    return from.repository() + "-" + from.version() + "-" + to.version() + suffix();
  }

  /** Fails now if making a delta would fail later for want of a program. */
  void checkProgram() throws PublishException;

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
