package io.strata.publish;

import io.strata.delta.DeltaApplier;
import io.strata.delta.DeltaException;
import io.strata.delta.DeltaMaker;
import io.strata.delta.ProgressListener;
import java.io.IOException;
import java.nio.file.Path;

/** Upstream's format, which every client reads. */
final class SqdeltaFormat implements DeltaFormat {
  private final DeltaMaker maker = new DeltaMaker();
  private final DeltaApplier applier = new DeltaApplier();

  @Override
  public String suffix() {
    return ".sqdelta";
  }

  @Override
  public void checkProgram() throws PublishException {
    Programs.find("xdelta3", "xdelta3");
  }

  @Override
  public void make(Path source, Path target, Path delta, ProgressListener listener)
      throws IOException, DeltaException {
    maker.make(source, target, delta, listener);
  }

  @Override
  public void apply(Path source, Path delta, Path made, ProgressListener listener)
      throws IOException, DeltaException {
    applier.apply(source, delta, made, listener);
  }
}
