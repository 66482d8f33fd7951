package io.strata.sync;

import io.strata.delta.DeltaApplier;
import io.strata.delta.DeltaException;
import io.strata.delta.ProgressListener;
import io.strata.delta.sqdelta2.Sqdelta2Applier;
import io.strata.delta.sqdelta2.Sqdelta2Info;
import java.io.IOException;
import java.nio.file.Path;

/** Applies an .sqdelta or an .sqdelta2, whichever it is. */
final class SqdeltaMerger implements DeltaMerger {

  @Override
  public void merge(Path base, Path delta, Path target, Steps steps)
      throws IOException, DeltaException {
    InBytes listener = new InBytes(steps);
    if (Sqdelta2Info.isSqdelta2(delta)) {
      new Sqdelta2Applier().apply(base, delta, target, listener);
    } else {
      new DeltaApplier().apply(base, delta, target, listener);
    }
  }

  /** Blocks are counted in blocks; people are shown the share of the bytes that this makes. */
  private static final class InBytes implements ProgressListener {
    private final Steps steps;
    private long bytes = 1;

    InBytes(Steps steps) {
      this.steps = steps;
    }

    @Override
    public void progress(Step step, long done, long total) {
      if (step == Step.PATCHING) {
        bytes = total;
        steps.at("applying", done, total);
      } else {
        steps.at("recompressing", (long) ((double) done / Math.max(1, total) * bytes), bytes);
      }
    }
  }
}
