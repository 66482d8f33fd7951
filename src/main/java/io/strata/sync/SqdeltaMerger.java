package io.strata.sync;

import io.strata.delta.DeltaApplier;
import io.strata.delta.DeltaException;
import java.io.IOException;
import java.nio.file.Path;

/** Applies an .sqdelta. */
final class SqdeltaMerger implements DeltaMerger {

  @Override
  public void merge(Path base, Path delta, Path target, Steps steps)
      throws IOException, DeltaException {
    new DeltaApplier()
        .apply(base, delta, target, (step, done, total) -> steps.at("applying", done, total));
  }
}
