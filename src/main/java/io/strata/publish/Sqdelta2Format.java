package io.strata.publish;

import io.strata.delta.DeltaException;
import io.strata.delta.ProgressListener;
import io.strata.delta.sqdelta2.Sqdelta2Applier;
import io.strata.delta.sqdelta2.Sqdelta2Maker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Our format, for images of every compressor and size; it needs no program. */
final class Sqdelta2Format implements DeltaFormat {
  private final Sqdelta2Maker maker = new Sqdelta2Maker();
  private final Sqdelta2Applier applier = new Sqdelta2Applier();

  @Override
  public DeltaKind kind() {
    return DeltaKind.SQDELTA2;
  }

  @Override
  public Optional<String> missing() {
    return Optional.empty();
  }

  @Override
  public Optional<String> refusal(Path source, Path target) {
    return Optional.empty();
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
