package io.strata.cli;

import io.strata.squashfs.ImageOptions;
import io.strata.squashfs.ImageProblem;
import io.strata.squashfs.ImageVerifier;
import io.strata.squashfs.SquashFsImage;
import io.strata.squashfs.VerifyListener;
import io.strata.squashfs.VerifyReport;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code strata image verify}. */
@Command(
    name = "verify",
    description =
        "Reads everything in an image, with all cores, and prints a line for each damage.")
final class ImageVerifyCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "IMAGE",
      description = "The image: a file, or a block device.")
  private Path path = Path.of("");

  @Mixin private ImageOpener opener = new ImageOpener();

  @Mixin private ProgressOption progress = new ProgressOption();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    VerifyReport report;
    int threads = Runtime.getRuntime().availableProcessors();
    ImageOptions options = ImageOptions.defaults().withReadAhead(0, 0);
    try (SquashFsImage image = opener.open(path, options);
        Progress bar = progress.start()) {
      report = new ImageVerifier(image, threads, new Sayer(path, bar, out)).run();
    }
    out.flush();
    say(report, spec.commandLine().getErr());
    return (report.isSound() ? ExitCode.DONE : ExitCode.IMAGE).code();
  }

  private void say(VerifyReport report, PrintWriter err) {
    String counts =
        "%d directories, %d files, %d others, %s"
            .formatted(
                report.directories(),
                report.files(),
                report.others(),
                Progress.bytes(report.bytes()));
    String found = report.problems() == 1 ? "1 problem" : report.problems() + " problems";
    String verdict = report.isSound() ? "sound" : found;
    String end = report.complete() ? "" : ", and gave up there";
    err.println("strata: " + path + ": " + verdict + end + " (" + counts + ")");
    err.flush();
  }

  /** Prints what a verification says. */
  private record Sayer(Path image, Progress bar, PrintWriter out) implements VerifyListener {
    @Override
    public void progress(long done, long total) {
      bar.update("verifying " + image.getFileName(), done, total);
    }

    @Override
    public void problem(ImageProblem problem) {
      bar.close();
      out.println(problem.path() + ": " + problem.place() + ": " + problem.message());
      out.flush();
    }
  }
}
