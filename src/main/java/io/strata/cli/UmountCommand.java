package io.strata.cli;

import io.strata.mount.Registry;
import io.strata.mount.Unmounter;
import io.strata.posix.Posix;
import java.nio.file.Path;
import java.time.Duration;
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

  @Parameters(index = "0", paramLabel = "MOUNTPOINT", description = "Where it is mounted.")
  private Path mountPoint = Path.of("");

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
    new Unmounter(Posix.system(), Registry.ofThisUser()).unmount(mountPoint, patience, lazy);
    return ExitCode.DONE.code();
  }
}
