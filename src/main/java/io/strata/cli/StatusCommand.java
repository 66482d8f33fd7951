package io.strata.cli;

import io.strata.mount.CountsTable;
import io.strata.mount.MountPlan;
import io.strata.mount.MountStatus;
import io.strata.mount.Registry;
import io.strata.mount.RegistryEntry;
import io.strata.mount.ServerStarter;
import io.strata.sync.ConfigException;
import io.strata.sync.Repositories;
import io.strata.sync.RepositoryConfig;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code strata status}. */
@Command(
    name = "status",
    description = {
      "Lists this user's mounts and how their servers do, and the snapshots here of the"
          + " repositories that are configured.",
      "A mount whose server died is listed as dead; strata umount cleans it up."
    })
final class StatusCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..*",
      paramLabel = "REPO|MOUNTPOINT",
      description = "Only these repositories, and the mounts at these mount points.")
  private List<String> names = new ArrayList<>();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Option(
      names = "--stats",
      description =
          "Print what was asked of each mount, by the names of linux/fuse.h, and what its caches"
              + " did; for how long requests took, mount with --stats. (--json always has this.)")
  private boolean stats;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The repositories: a file, or a directory of *.conf.")
  private @Nullable Path config;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    List<MountStatus> mounts = new ArrayList<>(MountStatus.all(Registry.ofThisUser()));
    mounts.removeIf(mount -> !names.isEmpty() && !isNamed(mount));
    List<RepositorySnapshots> snapshots = new ArrayList<>();
    for (RepositoryConfig repository : repositories()) {
      snapshots.add(RepositorySnapshots.of(repository));
    }
    PrintWriter out = spec.commandLine().getOut();
    Instant now = Instant.now();
    if (json) {
      out.println(StatusJson.of(mounts, snapshots, now));
    } else {
      for (MountStatus mount : mounts) {
        print(out, mount, now);
        if (stats && !mount.statistics().isEmpty()) {
          new CountsTable(mount.statistics()).lines().forEach(line -> out.println("  " + line));
        }
      }
      snapshots.forEach(repository -> print(out, repository, now));
    }
    out.flush();
    return ExitCode.DONE.code();
  }

  private boolean isNamed(MountStatus mount) {
    boolean place =
        names.stream()
            .filter(StatusCommand::isPlace)
            .anyMatch(
                name ->
                    ServerStarter.mountPoint(Path.of(name)).toString().equals(mount.mountPoint()));
    return place
        || mount
            .entry()
            .flatMap(entry -> entry.plan().repository())
            .filter(names::contains)
            .isPresent();
  }

  // A repository's name has no slash in it.
  private static boolean isPlace(String name) {
    return name.indexOf('/') >= 0;
  }

  // Without a configuration there may be mounts all the same, of images.
  private List<RepositoryConfig> repositories() throws ConfigException {
    List<String> wanted = names.stream().filter(name -> !isPlace(name)).toList();
    if (wanted.isEmpty() && !names.isEmpty()) {
      return List.of();
    }
    boolean asked = config != null || !names.isEmpty() || System.getenv("STRATA_CONFIG") != null;
    try {
      Repositories all = Repositories.find(Optional.ofNullable(config), System.getenv());
      if (names.isEmpty()) {
        return all.all();
      }
      List<RepositoryConfig> chosen = new ArrayList<>();
      for (String name : wanted) {
        chosen.add(all.get(name));
      }
      return chosen;
    } catch (ConfigException e) {
      if (asked) {
        throw e;
      }
      return List.of();
    }
  }

  private static void print(PrintWriter out, MountStatus mount, Instant now) {
    out.println(mount.mountPoint() + ": " + mount.state().words());
    if (mount.entry().isPresent()) {
      RegistryEntry entry = mount.entry().get();
      MountPlan plan = entry.plan();
      out.println("  pid        " + entry.pid());
      plan.repository().ifPresent(name -> out.println("  repository " + name));
      plan.snapshot().ifPresent(version -> out.println("  snapshot   " + version));
      out.println("  image      " + plan.image());
      plan.lowers().forEach(lower -> out.println("  lower      " + lower));
      plan.upper().ifPresent(upper -> out.println("  upper      " + upper));
      plan.work().ifPresent(work -> out.println("  work       " + work));
      out.println("  options    " + (plan.readOnly() ? "ro" : "rw") + words(plan));
      out.println("  transport  " + plan.transport().word());
      out.println("  age        " + age(Duration.between(entry.since(), now)));
      out.println("  log        " + plan.log());
    }
  }

  private static String words(MountPlan plan) {
    String words = plan.words().format();
    return words.isEmpty() ? "" : "," + words;
  }

  private static void print(PrintWriter out, RepositorySnapshots repository, Instant now) {
    out.println(repository.name() + ": " + repository.summary());
    out.println("  cache      " + repository.cache());
    for (String version : repository.versions()) {
      boolean current = repository.current().filter(version::equals).isPresent();
      out.println("  snapshot   " + version + (current ? " (current)" : ""));
    }
    repository.trust().lines(now).forEach(line -> out.println("  " + line));
  }

  /** The two largest units of a duration, as {@code 3 h 20 min}. */
  static String age(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3600) {
      return seconds / 60 + " min " + seconds % 60 + " s";
    }
    if (seconds < 86_400) {
      return seconds / 3600 + " h " + seconds / 60 % 60 + " min";
    }
    return seconds / 86_400 + " d " + seconds / 3600 % 24 + " h";
  }
}
