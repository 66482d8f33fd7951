package io.strata.delta.sqdelta2;

import io.strata.delta.ProgressListener;
import java.nio.file.Path;

/** {@code make OLD NEW DELTA} or {@code apply OLD DELTA NEW}. */
final class MakeAndApply {
  private MakeAndApply() {}

  public static void main(String[] arguments) throws Exception {
    Path first = Path.of(arguments[1]);
    Path second = Path.of(arguments[2]);
    Path made = Path.of(arguments[3]);
    if (arguments[0].equals("make")) {
      new Sqdelta2Maker().make(first, second, made, ProgressListener.NONE);
    } else {
      new Sqdelta2Applier().apply(first, second, made, ProgressListener.NONE);
    }
  }
}
