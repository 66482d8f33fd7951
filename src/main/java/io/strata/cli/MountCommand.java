package io.strata.cli;

import io.strata.mount.Directories;
import io.strata.mount.LayerWords;
import io.strata.mount.LowerSource;
import io.strata.mount.MountException;
import io.strata.mount.MountPlan;
import io.strata.mount.MountWords;
import io.strata.mount.Registry;
import io.strata.mount.RegistryEntry;
import io.strata.mount.Server;
import io.strata.mount.ServerStarter;
import io.strata.mount.SwitchResult;
import io.strata.mount.Switcher;
import io.strata.mount.TransportKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code strata mount}. */
@Command(
    name = "mount",
    description = {
      "Mounts an image, or the current snapshot of a repository, and returns when the mount"
          + " answers.",
      "The mount is read-only unless --upper names a directory for the changes. Root's mounts are"
          + " open to every user (allow_other) unless -o noallow_other is given; a user's mounts"
          + " are open to that user, unless -o allow_other is given and /etc/fuse.conf permits it.",
      "Its server runs on in the background. It ends with the mount: by strata umount, umount,"
          + " fusermount3 -u, or SIGTERM, upon which it unmounts by itself, and takes a busy mount"
          + " out of the tree lazily.",
      "Mounting a repository again that is mounted with an older snapshot switches that mount."
    })
final class MountCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "SOURCE",
      description =
          "An image (a file, or a block device), a directory, or the name of a repository.")
  private String source = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "MOUNTPOINT",
      description = "An empty directory. May be left out for a repository: its location.")
  private @Nullable Path mountPoint;

  @Option(
      names = "--upper",
      paramLabel = "DIR",
      description =
          "Take changes, and keep them in this directory. For a repository the default is its"
              + " sync-squashdelta-upper.")
  private @Nullable Path upper;

  @Option(
      names = "--work",
      paramLabel = "DIR",
      description =
          "For files in the making, on the file system of the upper; default: the upper's name"
              + " with .work behind it.")
  private @Nullable Path work;

  @Option(
      names = "--accept-new-base",
      description =
          "Take an --upper whose changes were made over another image or other layers, and keep"
              + " them over these from now on. The same as -o accept-new-base.")
  private boolean acceptNewBase;

  @Option(
      names = "--lower",
      paramLabel = "IMAGE-OR-DIR",
      description =
          "One more layer underneath; may be given several times, topmost first. IMAGE,offset=BYTES"
              + " says where in its file an image begins.")
  private List<String> lowers = new ArrayList<>();

  @Option(
      names = "-o",
      paramLabel = "OPTIONS",
      description =
          "ro, rw, allow_other, noallow_other, nosuid, nodev, noexec, noatime, nonempty, uid=USER,"
              + " gid=GROUP, fsname=NAME, offset=BYTES, subdir=PATH, timeout=SECONDS, upper=DIR,"
              + " work=DIR, lower=IMAGE-OR-DIR, lowerdir=LAYER:LAYER..., transport=kernel|libfuse, threads=N, io_uring,"
              + " accept-new-base; and for fstab what mount(8) acts on by itself.")
  private List<String> options = new ArrayList<>();

  @Option(names = "--sloppy", description = "Leave out words of -o that are not known.")
  private boolean sloppy;

  @Option(
      names = "--stats",
      description =
          "Measure how long requests take, too, and write all that is counted into the log when the"
              + " mount ends; see 'strata status --stats'. The same as -o stats.")
  private boolean stats;

  @Option(names = "--foreground", description = "Stay, and serve in this process.")
  private boolean foreground;

  @Option(
      names = "--transport",
      paramLabel = "kernel|libfuse",
      description = "What serves: our own protocol on /dev/fuse (default), or libfuse.")
  private @Nullable TransportKind transport;

  @Option(
      names = "--io-uring",
      description =
          "Exchange requests with the kernel over io_uring, with threads on each processor. Faster,"
              + " where the kernel offers it: Linux 6.14 or later, after root has written Y to"
              + " /sys/module/fuse/parameters/enable_uring. The same as -o io_uring.")
  private boolean ioUring;

  @Option(names = "--threads", paramLabel = "N", description = "How many threads serve.")
  private int threads;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The repositories: a file, or a directory of *.conf.")
  private @Nullable Path config;

  @Spec private CommandSpec spec;

  private final ServerAhead ahead;

  MountCommand(ServerAhead ahead) {
    this.ahead = ahead;
  }

  @Override
  public Integer call() throws Exception {
    if (threads < 0 || threads > 64) {
      throw new CommandException(ExitCode.USAGE, "--threads " + threads + ": give 1 to 64");
    }
    Directories directories = Directories.ofThisUser();
    MountWords words = words(directories);
    if (foreground) {
      Server.foreground(plan(directories, words), Registry.ofThisUser(), this::say);
      return ExitCode.DONE.code();
    }
    try (ServerStarter starter = ahead.take()) {
      Registry registry = Registry.ofThisUser();
      MountPlan plan = plan(directories, words);
      if (!switched(registry, plan)) {
        say(starter.mount(plan, registry));
      }
    }
    return ExitCode.DONE.code();
  }

  // A later word wins, so the default comes before what the user says.
  private MountWords words(Directories directories) throws MountException {
    List<String> lists = new ArrayList<>();
    lists.add(directories.isRoot() ? "allow_other" : "noallow_other");
    lists.addAll(options);
    if (stats) {
      lists.add("stats");
    }
    if (acceptNewBase) {
      lists.add("accept-new-base");
    }
    if (ioUring) {
      lists.add("io_uring");
    }
    return MountWords.parse(lists, sloppy);
  }

  private void say(List<String> notes) {
    for (String note : notes) {
      spec.commandLine().getErr().println("strata: " + note);
    }
    spec.commandLine().getErr().flush();
  }

  private MountPlan plan(Directories directories, MountWords words) throws Exception {
    LayerWords layers = words.layers();
    MountSource found = found(layers);
    Path place = place(found);
    Optional<Path> changes =
        Optional.ofNullable(upper)
            .or(() -> layers.upper().map(Path::of))
            .or(found::upper)
            .map(MountCommand::real);
    Optional<Path> making = Optional.ofNullable(work).or(() -> layers.work().map(Path::of));
    if (changes.isEmpty() && making.isPresent()) {
      throw new CommandException(ExitCode.USAGE, "--work: only together with --upper");
    }
    return new MountPlan(
        place,
        found.name(),
        found.repository(),
        found.snapshot(),
        found.image(),
        lowers(layers),
        changes,
        changes.map(each -> making.map(MountCommand::real).orElseGet(() -> besides(each))),
        words,
        transport(words),
        threads > 0 ? threads : words.serving().threads().orElse(0),
        directories.log(place));
  }

  // With lowerdir=, SOURCE is a name and nothing else, as for mount -t overlay.
  private MountSource found(LayerWords layers) throws Exception {
    if (layers.stack().isEmpty()) {
      return MountSource.find(source, Optional.ofNullable(config));
    }
    return MountSource.called(source, real(Path.of(layers.stack().getFirst())));
  }

  private List<LowerSource> lowers(LayerWords layers) {
    Stream<String> stack = layers.stack().stream().skip(1);
    Stream<LowerSource> shown =
        Stream.of(stack, lowers.stream(), layers.lowers().stream())
            .flatMap(each -> each)
            .map(lower -> LowerSource.parse(lower, MountCommand::real));
    Stream<LowerSource> data =
        layers.data().stream()
            .map(lower -> LowerSource.parse(lower, MountCommand::real).withDataOnly());
    return Stream.concat(shown, data).toList();
  }

  private TransportKind transport(MountWords words) throws CommandException {
    TransportKind kind =
        Optional.ofNullable(transport)
            .or(() -> words.serving().transport())
            .orElse(TransportKind.KERNEL);
    if (words.ioUring() && kind == TransportKind.LIBFUSE) {
      throw new CommandException(
          ExitCode.USAGE, "--io-uring: libfuse can't do it; leave out --transport libfuse");
    }
    return kind;
  }

  private Path place(MountSource found) throws CommandException {
    Path named = mountPoint != null ? mountPoint : found.location().orElse(null);
    if (named == null) {
      throw new CommandException(
          ExitCode.USAGE, source + ": say where to mount it: strata mount SOURCE MOUNTPOINT");
    }
    return ServerStarter.mountPoint(named);
  }

  private static Path besides(Path changes) {
    return changes.resolveSibling(changes.getFileName() + ".work");
  }

  // Without symbolic links, as far as it is there.
  static Path real(Path path) {
    Path absolute = path.toAbsolutePath().normalize();
    try {
      return absolute.toRealPath();
    } catch (IOException e) {
      Path parent = absolute.getParent();
      Path name = absolute.getFileName();
      return parent == null || name == null || Files.isSymbolicLink(absolute)
          ? absolute
          : real(parent).resolve(name);
    }
  }

  /** Whether the repository was mounted there on another snapshot, which is mended by a switch. */
  private boolean switched(Registry registry, MountPlan plan)
      throws MountException, InterruptedException, CommandException {
    for (RegistryEntry entry : registry.entries()) {
      if (isOlder(entry, plan) && registry.alive(entry)) {
        String version = plan.snapshot().orElseThrow();
        SwitchResult result = new Switcher(registry).switchOne(entry, plan.image(), version);
        return switch (result.outcome()) {
          case SWITCHED, UNCHANGED -> true;
          case BUSY -> throw new CommandException(ExitCode.BUSY, result.message());
          case FAILED, DEAD -> throw new CommandException(ExitCode.MOUNT, result.message());
        };
      }
    }
    return false;
  }

  private static boolean isOlder(RegistryEntry entry, MountPlan plan) {
    MountPlan other = entry.plan();
    return plan.repository().isPresent()
        && other.repository().equals(plan.repository())
        && other.mountPoint().equals(plan.mountPoint())
        && !other.image().equals(plan.image());
  }
}
