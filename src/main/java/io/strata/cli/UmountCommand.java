package io.strata.cli;

import io.strata.mount.MountException;
import io.strata.mount.Registry;
import io.strata.mount.RegistryEntry;
import io.strata.mount.ServerStarter;
import io.strata.mount.Unmounter;
import io.strata.posix.Posix;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code strata umount}. */
@Command(
    name = "umount",
    description = {
      "Unmounts, and returns when the mount is gone and its server has ended.",
      "A mount that is in use is not unmounted: who uses it is said, and the exit code is the one"
          + " for busy. The mount of a server that died is cleaned up."
    })
final class UmountCommand implements Callable<Integer> {
  private static final int LONGEST_WAIT = 1_000_000;

  @Parameters(
      index = "0",
      paramLabel = "MOUNTPOINT|REPO",
      description = "Where it is mounted, or the repository, all of whose mounts are meant.")
  private String name = "";

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      description = "Wait that long for those who use the mount to leave it; default 0.")
  private double wait;

  @Option(
      names = "--lazy",
      description = "Take it out of the tree at once; its server ends with its last user.")
  private boolean lazy;

  @Override
  public Integer call() throws Exception {
    if (!(wait >= 0 && wait <= LONGEST_WAIT)) {
      throw new CommandException(ExitCode.USAGE, "--wait " + wait + ": give 0 to " + LONGEST_WAIT);
    }
    Duration patience = Duration.ofMillis((long) (wait * 1000));
    Registry registry = Registry.ofThisUser();
    Unmounter unmounter = new Unmounter(Posix.system(), registry);
    for (Path place : places(registry.entries())) {
      unmounter.unmount(place, patience, lazy);
    }
    return ExitCode.DONE.code();
  }

  /** A name is that of a repository if nothing is mounted on a directory of that name. */
  private List<Path> places(List<RegistryEntry> entries) throws MountException {
    Path place = Path.of(name);
    Path absolute = ServerStarter.mountPoint(place);
    boolean isPlace =
        name.indexOf('/') >= 0
            || entries.stream().anyMatch(entry -> entry.plan().mountPoint().equals(absolute));
    List<Path> ofRepository =
        entries.stream()
            .filter(entry -> entry.plan().repository().filter(name::equals).isPresent())
            .map(entry -> entry.plan().mountPoint())
            .toList();
    return isPlace || ofRepository.isEmpty() ? List.of(place) : ofRepository;
  }
}
