package io.strata.cli;

import io.strata.codec.Compression;
import io.strata.posix.Posix;
import io.strata.publish.DeltaKind;
import io.strata.publish.DeltaOptions;
import io.strata.publish.ImageOptions;
import io.strata.publish.PostProcessOptions;
import io.strata.publish.Publication;
import io.strata.publish.PublishListener;
import io.strata.publish.PublishRequest;
import io.strata.publish.Publisher;
import io.strata.publish.RetentionOptions;
import io.strata.publish.Signing;
import io.strata.store.Snapshot;
import io.strata.store.StoreException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code strata publish}. */
@Command(
    name = "publish",
    description = {
      "Makes an image of a directory and publishes it in a mirror directory, with deltas from the"
          + " snapshots before, a block index, and an index that names it as current.",
      "If nothing in the directory has changed since the current snapshot, nothing is published.",
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

  @ArgGroup(exclusive = false)
  private @Nullable SigningOptions signing;

  @Option(
      names = "--old-key",
      paramLabel = "FILE",
      description =
          "Take the index that is there if it was signed by a public key in this file, and sign it"
              + " with the new key: for a mirror that changes its key.")
  private @Nullable Path oldKey;

  @Option(
      names = "--compression",
      paramLabel = "lzo|zstd|gzip|xz|lz4",
      description =
          "Of the image; default: lzo. Clients that read .sqdelta only get deltas for lzo and lz4.")
  private Compression compression = Compression.LZO;

  @Option(
      names = {"-b", "--block-size"},
      paramLabel = "BYTES",
      converter = BlockSize.class,
      description = "Of the image, 4K to 1M; default: 128K.")
  private int blockSize = ImageOptions.DEFAULT_BLOCK;

  @Option(
      names = "--deltas",
      paramLabel = "N",
      description = "Make deltas from the last N snapshots; 0: none. Default: ${DEFAULT-VALUE}.")
  private int deltas = DeltaOptions.DEFAULT.snapshots();

  @Option(
      names = "--delta-format",
      paramLabel = "sqdelta|sqdelta2",
      description =
          "Make deltas in this format, and fail where that can't be done; repeatable. Default: in"
              + " both, but no .sqdelta where xdelta3 is missing, or the image is not of lzo or"
              + " lz4, or has 4 GiB.")
  private Set<DeltaKind> deltaFormats = Set.of();

  @Option(
      names = "--max-delta-share",
      paramLabel = "SHARE",
      description =
          "Publish no delta larger than this share of the image, and keep none that is on no way to"
              + " the newest snapshot within that share. Default: ${DEFAULT-VALUE}.")
  private double maxDeltaShare = DeltaOptions.DEFAULT.maxShare();

  @Option(
      names = "--max-chain",
      paramLabel = "N",
      description =
          "Keep no delta from which it takes more than N, itself included, to the newest snapshot."
              + " Default: ${DEFAULT-VALUE}.")
  private int maxChain = DeltaOptions.DEFAULT.maxChain();

  @Option(
      names = "--keep-snapshots",
      paramLabel = "N",
      description = "List the last N snapshots only, this one included. Default: all.")
  private @Nullable Integer keepSnapshots;

  @Option(
      names = "--keep-deltas-days",
      paramLabel = "DAYS",
      description =
          "List no deltas that are older, but those to this snapshot. Default: as long as they are"
              + " of use.")
  private @Nullable Integer keepDeltasDays;

  @Option(
      names = "--grace",
      paramLabel = "TIME",
      converter = TimeSpan.class,
      description =
          "How long files that are no longer listed stay, for clients that are downloading them: a"
              + " number with s, m, h or d. Default: 1d.")
  private Duration grace = RetentionOptions.DEFAULT.grace();

  @Option(
      names = "--post-process",
      paramLabel = "CMD",
      description =
          "Run this line of shell for each file before it is published, with the file's path behind"
              + " it, for example to sign it. Files that it makes beside them are published too.")
  private @Nullable String postProcess;

  @Option(
      names = "--post-process-filter",
      paramLabel = "REGEX",
      converter = RegularExpression.class,
      description = "Only for files whose names begin with a match of this. Default: all.")
  private @Nullable Pattern postProcessFilter;

  @Mixin private ProgressOption progress = new ProgressOption();

  @Option(names = "--quiet", description = "Say only what went wrong, or was left out.")
  private boolean quiet;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PublishRequest request = request();
    Publication done;
    PrintWriter err = spec.commandLine().getErr();
    try (Progress bar = quiet ? Progress.onStandardError(Progress.Mode.NONE) : progress.start()) {
      Publisher publisher = new Publisher(Posix.system(), Clock.systemUTC());
      done = publisher.publish(request, new PublishProgress(bar, err));
    }
    if (!quiet) {
      say(done);
    }
    return ExitCode.DONE.code();
  }

  private PublishRequest request() throws CommandException {
    if (postProcessFilter != null && postProcess == null) {
      throw new CommandException(
          ExitCode.USAGE, "--post-process-filter: it is for --post-process, which is not there");
    }
    GivenPaths.refuseEmpty(tree, "TREE");
    GivenPaths.refuseEmpty(mirror, "--to");
    try {
      return new PublishRequest(
          tree,
          Snapshot.of(repository, version),
          mirror,
          new ImageOptions(
              compression, blockSize, sourceDateEpoch(System.getenv("SOURCE_DATE_EPOCH"))),
          new DeltaOptions(deltas, maxDeltaShare, maxChain, deltaFormats),
          new RetentionOptions(optional(keepSnapshots), optional(keepDeltasDays), grace),
          signing == null ? new Signing.Nobody() : signing.chosen(),
          Optional.ofNullable(oldKey),
          Optional.ofNullable(postProcess)
              .map(
                  command ->
                      new PostProcessOptions(
                          command,
                          postProcessFilter == null ? PostProcessOptions.ALL : postProcessFilter)));
    } catch (StoreException | IllegalArgumentException e) {
      throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  private static OptionalInt optional(@Nullable Integer value) {
    return value == null ? OptionalInt.empty() : OptionalInt.of(value);
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
    PrintWriter out = spec.commandLine().getOut();
    done.files().forEach(out::println);
    out.flush();
    err.println("strata: " + (done.changed() ? published(done) : unchanged(done)));
    done.deltas().forEach(delta -> err.println("strata: " + size(delta, done.imageSize())));
    if (!done.unlisted().isEmpty()) {
      err.println("strata: no longer listed: " + String.join(", ", done.unlisted()));
    }
    if (!done.removed().isEmpty()) {
      err.println("strata: removed: " + String.join(", ", done.removed()));
    }
    err.flush();
  }

  private String unchanged(Publication done) {
    return done.snapshot().version().equals(version)
        ? done.snapshot() + " is published already, with the same content"
        : "nothing has changed since " + done.snapshot() + ", so no new version is published";
  }

  private static String published(Publication done) {
    return "published "
        + done.snapshot()
        + ", "
        + Progress.bytes(done.imageSize())
        + done.signer().map(key -> ", signed by " + key).orElse(", not signed");
  }

  private static String size(Publication.PublishedDelta delta, long image) {
    return String.format(
        Locale.ROOT,
        "%s: %s, %.2f %% of the image",
        delta.name(),
        Progress.bytes(delta.size()),
        100.0 * delta.size() / image);
  }

  /** Shows a publication's steps. */
  private record PublishProgress(Progress bar, PrintWriter err) implements PublishListener {
    @Override
    public void progress(Step step, long done, long total) {
      String name =
          switch (step) {
            case IMAGE -> "making the image";
            case BLOCK_INDEX -> "making the block index";
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
