package io.strata.sync;

import io.strata.delta.DeltaApplier;
import io.strata.delta.DeltaException;
import io.strata.delta.ProgressListener;
import io.strata.delta.sqdelta2.Sqdelta2Applier;
import io.strata.delta.sqdelta2.Sqdelta2Info;
import io.strata.digest.Sha2;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;

/** Applies an .sqdelta or an .sqdelta2, whichever it is. */
final class SqdeltaMerger implements DeltaMerger {

  @Override
  public String merge(Path base, Path delta, Path target, Steps steps)
      throws IOException, DeltaException {
    ProgressListener listener = (step, done, total) -> steps.at("applying", done, total);
    if (Sqdelta2Info.isSqdelta2(delta)) {
      new Sqdelta2Applier().apply(base, delta, target, listener);
      return Sha512.of(target, (done, total) -> steps.at("verifying", done, total));
    }
    MessageDigest digest = Sha2.SHA_512.start();
    new DeltaApplier().apply(base, delta, target, digest, listener);
    return Sha2.hex(digest);
  }
}
