package io.strata.cli;

import io.strata.delta.ProgressListener;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code strata delta apply}. */
@Command(
    name = "apply",
    description =
        "Makes the newer image of the older one and a delta. It appears only whole. An .sqdelta2"
            + " holds the digests of both images, which are checked; an .sqdelta holds none, so"
            + " compare the image's with the index.")
final class DeltaApplyCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "OLD", description = "The older image.")
  private Path old = Path.of("");

  @Parameters(index = "1", paramLabel = "DELTA", description = "The .sqdelta2 or .sqdelta.")
  private Path delta = Path.of("");

  @Parameters(index = "2", paramLabel = "OUT", description = "The newer image, to be made.")
  private Path out = Path.of("");

  @Mixin private NewFile target = new NewFile();

  @Mixin private ProgressOption progress = new ProgressOption();

  @Override
  public Integer call() throws Exception {
    GivenPaths.refuseDirectory(old, "an image");
    GivenPaths.refuseDirectory(delta, "a delta");
    target.check(out);
    try (Progress bar = progress.start()) {
      DeltaKind.of(delta).apply(old, delta, out, listener(bar));
    }
    return ExitCode.DONE.code();
  }

  private ProgressListener listener(Progress bar) {
    String name = delta.getFileName() == null ? "" : " " + delta.getFileName();
    return (step, done, total) -> bar.update("applying" + name, done, total);
  }
}
