package io.strata.cli;

import io.strata.posix.Posix;
import io.strata.squashfs.SquashFsImage;
import io.strata.squashfs.tree.ExtractListener;
import io.strata.squashfs.tree.ExtractReport;
import io.strata.squashfs.tree.Extractor;
import io.strata.squashfs.tree.ImagePath;
import io.strata.squashfs.tree.PathResolver;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code strata image extract}. */
@Command(
    name = "extract",
    description = {
      "Makes the files of an image in a directory: all of them, or what is named, each under its"
          + " path.",
      "Owners, devices and some extended attributes need root; without it the rest is made."
    })
final class ImageExtractCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "IMAGE",
      description = "The image: a file, or a block device.")
  private Path path = Path.of("");

  @Mixin private ImageOpener opener = new ImageOpener();

  @Parameters(index = "1..*", paramLabel = "PATH", description = "What to make; default: all.")
  private List<String> paths = new ArrayList<>();

  @Option(
      names = "--to",
      required = true,
      paramLabel = "DIR",
      description = "An empty directory, or one to be made. Nothing is ever overwritten.")
  private Path target = Path.of("");

  @Mixin private ProgressOption progress = new ProgressOption();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter err = spec.commandLine().getErr();
    ExtractReport report;
    try (SquashFsImage image = opener.open(path);
        Progress bar = progress.start()) {
      List<ImagePath> wanted = wanted(image);
      Posix posix = Posix.system();
      report = new Extractor(image, posix, new Sayer(path, bar, err)).extract(wanted, target);
    }
    say(report, err);
    if (report.damaged() > 0) {
      return ExitCode.IMAGE.code();
    }
    return (report.failed() > 0 ? ExitCode.FILE : ExitCode.DONE).code();
  }

  private List<ImagePath> wanted(SquashFsImage image) throws IOException {
    if (paths.isEmpty()) {
      return List.of(ImagePath.ROOT);
    }
    RawArguments raw = RawArguments.ofThisProcess();
    PathResolver resolver = new PathResolver(image);
    List<ImagePath> wanted = new ArrayList<>();
    for (String each : paths) {
      wanted.add(resolver.resolve(raw.bytes(each), false).path());
    }
    return wanted;
  }

  private void say(ExtractReport report, PrintWriter err) {
    err.println("strata: " + target + ": " + report.files() + " files made");
    if (report.ownersLost() > 0) {
      err.println(
          "strata: not root: "
              + report.ownersLost()
              + " files belong to you instead of their owner, without setuid and setgid");
    }
    if (report.xattrsLost() > 0) {
      err.println("strata: " + report.xattrsLost() + " extended attributes could not be set");
    }
    err.flush();
  }

  /** Prints what an extraction says. */
  private record Sayer(Path image, Progress bar, PrintWriter err) implements ExtractListener {
    @Override
    public void progress(long done, long total) {
      bar.count("extracting " + image.getFileName(), done, total);
    }

    @Override
    public void failed(ImagePath file, IOException why) {
      bar.close();
      err.println("strata: " + file + ": " + Failures.describe(why));
      err.flush();
    }

    @Override
    public void skipped(ImagePath file, String why) {
      bar.close();
      err.println("strata: " + file + ": left out: " + why);
      err.flush();
    }
  }
}
