package io.strata.cli;

import io.strata.delta.DeltaApplier;
import io.strata.delta.DeltaException;
import io.strata.delta.DeltaMaker;
import io.strata.delta.ProgressListener;
import io.strata.delta.sqdelta2.Sqdelta2Applier;
import io.strata.delta.sqdelta2.Sqdelta2Info;
import io.strata.delta.sqdelta2.Sqdelta2Maker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** The formats of deltas. */
enum DeltaKind {
  /** Upstream's. */
  SQDELTA {
    @Override
    Optional<String> make(Path old, Path young, Path delta, ProgressListener listener)
        throws IOException, DeltaException {
      return note(new DeltaMaker().make(old, young, delta, listener));
    }

    @Override
    void apply(Path old, Path delta, Path out, ProgressListener listener)
        throws IOException, DeltaException {
      new DeltaApplier().apply(old, delta, out, listener);
    }
  },
  /** Ours. */
  SQDELTA2 {
    @Override
    Optional<String> make(Path old, Path young, Path delta, ProgressListener listener)
        throws IOException, DeltaException {
      new Sqdelta2Maker().make(old, young, delta, listener);
      return Optional.empty();
    }

    @Override
    void apply(Path old, Path delta, Path out, ProgressListener listener)
        throws IOException, DeltaException {
      new Sqdelta2Applier().apply(old, delta, out, listener);
    }
  };

  /** Makes a delta; gives what is to be said of it, if it is larger than it could be. */
  abstract Optional<String> make(Path old, Path young, Path delta, ProgressListener listener)
      throws IOException, DeltaException;

  /** Makes the newer image. */
  abstract void apply(Path old, Path delta, Path out, ProgressListener listener)
      throws IOException, DeltaException;

  private static Optional<String> note(DeltaMaker.Result made) {
    String why;
    if (!made.suited()) {
      why = "it lists no blocks: those of two lzo or two lz4 images are what squashmerge knows";
    } else if (made.irreproducible() > 0) {
      why =
          "%d of %d new blocks are not listed: squashmerge would make others of them"
              .formatted(made.irreproducible(), made.irreproducible() + made.targetBlocks());
    } else {
      return Optional.empty();
    }
    return Optional.of(why + ". The delta is right, but larger for that; an .sqdelta2 is small");
  }

  /** The format that a file's first bytes say. */
  static DeltaKind of(Path delta) throws IOException {
    return Sqdelta2Info.isSqdelta2(delta) ? SQDELTA2 : SQDELTA;
  }

  /** The format that the end of a file's name says. */
  static Optional<DeltaKind> bySuffix(Path delta) {
    for (DeltaKind kind : values()) {
      if (delta.toString().endsWith("." + kind)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  /** As in a file's name. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
