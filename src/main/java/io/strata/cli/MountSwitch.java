package io.strata.cli;

import io.strata.mount.MountException;
import io.strata.mount.Registry;
import io.strata.mount.SwitchResult;
import io.strata.mount.Switcher;
import io.strata.posix.Posix;
import io.strata.store.ImageStore;
import io.strata.store.Snapshot;
import io.strata.sync.RepositoryConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Takes the mounts of a repository to the snapshot that a sync made current. */
final class MountSwitch {
  private final Consumer<String> voice;

  /** Says what happened to {@code voice}, a line each. */
  MountSwitch(Consumer<String> voice) {
    this.voice = voice;
  }

  /**
   * Switches all of them.
   *
   * @throws CommandException for the first that could not be switched; the others were tried
   */
  void to(RepositoryConfig repository, Snapshot snapshot)
      throws MountException, CommandException, InterruptedException {
    Path image = new ImageStore(repository.cache(), Posix.system()).image(snapshot);
    Switcher switcher = new Switcher(Registry.ofThisUser());
    List<CommandException> failures = new ArrayList<>();
    for (SwitchResult result :
        switcher.switchAll(repository.name(), MountCommand.real(image), snapshot.version())) {
      Path mountPoint = result.entry().plan().mountPoint();
      switch (result.outcome()) {
        case SWITCHED -> voice.accept(mountPoint + ": switched to " + snapshot);
        case UNCHANGED -> {}
        case BUSY -> failures.add(new CommandException(ExitCode.BUSY, result.message()));
        case FAILED -> failures.add(new CommandException(ExitCode.MOUNT, result.message()));
        case DEAD -> voice.accept(result.message());
      }
    }
    if (!failures.isEmpty()) {
      failures.stream().skip(1).forEach(failure -> voice.accept(failure.getMessage()));
      throw failures.getFirst();
    }
  }
}
