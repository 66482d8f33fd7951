package io.strata.sync;

import io.strata.delta.DeltaException;
import java.io.IOException;
import java.nio.file.Path;

/** Makes a newer image of an older one and a delta. */
@FunctionalInterface
public interface DeltaMerger {

  /**
   * Makes {@code target}; on failure nothing is left there.
   *
   * @return its SHA-512, 128 lower-case hexadecimal digits
   * @throws DeltaException if the delta does not fit or can't be reproduced here
   * @throws IOException if a file can't be read or written
   */
  String merge(Path base, Path delta, Path target, Steps steps) throws IOException, DeltaException;

  /** Hears how far a merge has come. */
  @FunctionalInterface
  interface Steps {

    /**
     * So much of a step is done.
     *
     * @param verb what is being done, as {@code applying}
     * @param done bytes of the newer image, roughly
     * @param total bytes
     */
    void at(String verb, long done, long total);
  }
}
