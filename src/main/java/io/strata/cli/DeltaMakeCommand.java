package io.strata.cli;

import io.strata.delta.ProgressListener;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code strata delta make}. */
@Command(
    name = "make",
    description =
        "Makes a delta between two images. An .sqdelta2 is small for images of every compressor;"
            + " an .sqdelta is what upstream's squashmerge applies, and small for lzo and lz4."
            + " Prints its length in bytes.")
final class DeltaMakeCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "OLD", description = "The older image.")
  private Path old = Path.of("");

  @Parameters(index = "1", paramLabel = "NEW", description = "The newer image.")
  private Path young = Path.of("");

  @Parameters(index = "2", paramLabel = "OUT", description = "The delta, to be made.")
  private Path out = Path.of("");

  @Option(
      names = "--format",
      paramLabel = "sqdelta2|sqdelta",
      description = "The format, unless the end of OUT's name says it.")
  private @Nullable DeltaKind format;

  @Mixin private NewFile target = new NewFile();

  @Mixin private ProgressOption progress = new ProgressOption();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    DeltaKind kind = kind();
    GivenPaths.refuseDirectory(old, "an image");
    GivenPaths.refuseDirectory(young, "an image");
    target.check(out);
    Optional<String> note;
    try (Progress bar = progress.start()) {
      note = kind.make(old, young, out, listener(bar));
    }
    PrintWriter err = spec.commandLine().getErr();
    note.ifPresent(text -> err.println("strata: " + out + ": " + text));
    err.flush();
    PrintWriter writer = spec.commandLine().getOut();
    writer.println(Files.size(out));
    writer.flush();
    return ExitCode.DONE.code();
  }

  private DeltaKind kind() {
    if (format != null) {
      return format;
    }
    return DeltaKind.bySuffix(out)
        .orElseThrow(
            () ->
                new CommandLine.ParameterException(
                    spec.commandLine(),
                    out
                        + ": ends in no format's name; end it in .sqdelta2 or .sqdelta, or give"
                        + " --format"));
  }

  private static ProgressListener listener(Progress bar) {
    return (step, done, total) -> {
      if (step == ProgressListener.Step.SELECTING) {
        bar.count("trying blocks", done, total);
      } else {
        bar.count("compressing", done, total);
      }
    };
  }
}
