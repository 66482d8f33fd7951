package io.strata.cli;

import io.strata.codec.Compression;
import io.strata.posix.Posix;
import io.strata.publish.Publication;
import io.strata.publish.PublishListener;
import io.strata.publish.PublishRequest;
import io.strata.publish.Publisher;
import io.strata.store.Snapshot;
import io.strata.store.StoreException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code strata publish}. */
@Command(
    name = "publish",
    description = {
      "Makes an image of a directory and publishes it in a mirror directory, with a delta from the"
          + " snapshot that is current there and an index that names it as current.",
      "With SOURCE_DATE_EPOCH in the environment the same tree gives the same bytes.",
      "Prints the names of the files that were added."
    })
final class PublishCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "TREE", description = "The directory to publish.")
  private Path tree = Path.of(".");

  @Option(
      names = "--repo",
      required = true,
      paramLabel = "NAME",
      description = "The repository that this is a snapshot of.")
  private String repository = "";

  @Option(
      names = "--version",
      required = true,
      paramLabel = "VERSION",
      description = "What to call the snapshot, such as a date.")
  private String version = "";

  @Option(
      names = "--to",
      required = true,
      paramLabel = "DIR",
      description = "The mirror directory; made if it is not there.")
  private Path mirror = Path.of(".");

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description = "Sign the index with the OpenPGP secret key in this file (without passphrase).")
  private @Nullable Path key;

  @Option(
      names = "--compression",
      paramLabel = "lzo|zstd|gzip|xz|lz4",
      description =
          "Of the image; default: lzo. Small deltas can be made for lzo and lz4 only; with the"
              + " others, everything behind the first change is in the delta.")
  private Compression compression = Compression.LZO;

  @Option(
      names = {"-b", "--block-size"},
      paramLabel = "BYTES",
      converter = BlockSize.class,
      description = "Of the image, 4K to 1M; default: 128K.")
  private int blockSize = PublishRequest.DEFAULT_BLOCK;

  @Option(
      names = "--progress",
      paramLabel = "auto|plain|none",
      description = "A bar where stderr is a terminal (auto), a line for each step, or nothing.")
  private Progress.Mode progress = Progress.Mode.AUTO;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PublishRequest request = request();
    Publication done;
    PrintWriter err = spec.commandLine().getErr();
    try (Progress bar = Progress.onStandardError(progress)) {
      Publisher publisher = new Publisher(Posix.system(), Clock.systemUTC());
      done = publisher.publish(request, new PublishProgress(bar, err));
    }
    say(done);
    return ExitCode.DONE.code();
  }

  private PublishRequest request() throws CommandException {
    try {
      return new PublishRequest(
          tree,
          Snapshot.of(repository, version),
          mirror,
          Optional.ofNullable(key),
          compression,
          blockSize,
          sourceDateEpoch(System.getenv("SOURCE_DATE_EPOCH")));
    } catch (StoreException | IllegalArgumentException e) {
      throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  static OptionalLong sourceDateEpoch(@Nullable String value) throws CommandException {
    if (value == null || value.isBlank()) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseLong(value.strip()));
    } catch (NumberFormatException e) {
      throw new CommandException(
          ExitCode.USAGE, "SOURCE_DATE_EPOCH=" + value + ": not a number of seconds", e);
    }
  }

  private void say(Publication done) {
    PrintWriter err = spec.commandLine().getErr();
    if (!done.changed()) {
      err.println("strata: " + done.snapshot() + " is published already, with the same content");
      err.flush();
      return;
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(done.snapshot().imageName());
    StringBuilder text = new StringBuilder("strata: published ").append(done.snapshot());
    text.append(", ").append(Progress.bytes(done.imageSize()));
    if (done.delta().isPresent()) {
      Publication.PublishedDelta delta = done.delta().get();
      out.println(delta.name());
      String share = String.format(Locale.ROOT, "%.2f %%", 100.0 * delta.size() / done.imageSize());
      text.append(", delta from ").append(delta.from()).append(": ");
      text.append(Progress.bytes(delta.size())).append(" (").append(share).append(')');
    }
    out.flush();
    text.append(done.signer().map(signer -> ", signed by " + signer).orElse(", not signed"));
    err.println(text);
    err.flush();
  }

  /** Shows a publication's steps. */
  private record PublishProgress(Progress bar, PrintWriter err) implements PublishListener {
    @Override
    public void progress(Step step, long done, long total) {
      String name =
          switch (step) {
            case IMAGE -> "making the image";
            case DELTA_BLOCKS -> "choosing blocks for the delta";
            case DELTA -> "making the delta";
            case PROOF -> "proving the delta";
          };
      bar.count(name, done, total);
    }

    @Override
    public void note(String line) {
      bar.close();
      err.println("strata: " + line);
      err.flush();
    }
  }
}
