package io.strata.sync;

import io.strata.delta.DeltaApplier;
import io.strata.delta.DeltaException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;

/** Applies an .sqdelta. */
final class SqdeltaMerger implements DeltaMerger {

  @Override
  public String merge(Path base, Path delta, Path target, Steps steps)
      throws IOException, DeltaException {
    MessageDigest digest = Sha512.start();
    new DeltaApplier()
        .apply(
            base, delta, target, digest, (step, done, total) -> steps.at("applying", done, total));
    return Sha512.end(digest);
  }
}
