package io.strata.cli;

import io.strata.mount.MountException;
import io.strata.mount.Registry;
import io.strata.mount.SwitchResult;
import io.strata.mount.Switcher;
import io.strata.posix.Posix;
import io.strata.store.Current;
import io.strata.store.ImageStore;
import io.strata.store.LockedRepository;
import io.strata.store.StoreException;
import io.strata.sync.RepositoryConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Takes the mounts of a repository to the snapshot that is current. Meanwhile nobody else changes
 * the repository: of two syncs, the slower one would take the mounts back.
 */
final class MountSwitch {
  private final Consumer<String> voice;
  private final List<Path> switched = new ArrayList<>();

  /** Says what happened to {@code voice}, a line each. */
  MountSwitch(Consumer<String> voice) {
    this.voice = voice;
  }

  /** The mount points that were switched so far. */
  List<Path> switched() {
    return switched;
  }

  /**
   * Switches all of them.
   *
   * @throws CommandException for the first that could not be switched; the others were tried
   */
  void toCurrent(RepositoryConfig repository)
      throws MountException, CommandException, StoreException, InterruptedException {
    ImageStore store = new ImageStore(repository.cache(), Posix.system());
    try (LockedRepository _ = store.lock(repository.name())) {
      if (store.current(repository.name()) instanceof Current.Present current) {
        to(repository.name(), current);
      }
    }
  }

  private void to(String repository, Current.Present current)
      throws MountException, CommandException, InterruptedException {
    Switcher switcher = new Switcher(Registry.ofThisUser());
    List<CommandException> failures = new ArrayList<>();
    Path image = MountCommand.real(current.image());
    for (SwitchResult result :
        switcher.switchAll(repository, image, current.snapshot().version())) {
      Path mountPoint = result.entry().plan().mountPoint();
      switch (result.outcome()) {
        case SWITCHED -> {
          switched.add(mountPoint);
          voice.accept(mountPoint + ": switched to " + current.snapshot());
        }
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
