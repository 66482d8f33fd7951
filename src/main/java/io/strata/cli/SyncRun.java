package io.strata.cli;

import io.strata.mount.MountException;
import io.strata.posix.Posix;
import io.strata.store.ImageStore;
import io.strata.store.StoreException;
import io.strata.sync.HookRun;
import io.strata.sync.Hooks;
import io.strata.sync.RepositoryConfig;
import io.strata.sync.SyncEngine;
import io.strata.sync.SyncException;
import io.strata.sync.SyncOptions;
import io.strata.sync.SyncResult;
import io.strata.sync.Way;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/**
 * Syncs a repository with all that comes after: its mounts are switched, the hooks run, and old
 * images collected. What fails there does not undo what was done before.
 */
final class SyncRun {
  private final SyncEngine engine;
  private final SyncOptions options;
  private final Optional<Hooks> hooks;
  private final Voice voice;
  private final ToIntFunction<Exception> failures;

  /**
   * A way to sync.
   *
   * @param hooks that run after a switch; empty to leave the mounts as they are
   * @param failures tells the user of one, and gives the exit code
   */
  SyncRun(
      SyncEngine engine,
      SyncOptions options,
      Optional<Hooks> hooks,
      Voice voice,
      ToIntFunction<Exception> failures) {
    this.engine = engine;
    this.options = options;
    this.hooks = hooks;
    this.voice = voice;
    this.failures = failures;
  }

  /**
   * Syncs one.
   *
   * @param synced hears when the new snapshot is current, before its mounts are switched
   */
  SyncOutcome sync(RepositoryConfig repository, Consumer<SyncOutcome> synced)
      throws InterruptedException {
    SyncOutcome outcome = new SyncOutcome(repository.name());
    try {
      SyncResult result = engine.sync(repository, options, voice);
      voice.end();
      Path image = new ImageStore(repository.cache(), Posix.system()).image(result.to());
      outcome.synced(result, Files.size(image));
      synced.accept(outcome);
      if (hooks.isPresent()) {
        switchMounts(repository, outcome);
        tell(hooks.get(), repository, outcome);
      }
      if (result.way() != Way.HELD) {
        outcome.collected(engine.collect(repository, repository.keep()));
      }
    } catch (SyncException | IOException e) {
      fail(outcome, e);
    }
    return outcome;
  }

  private void switchMounts(RepositoryConfig repository, SyncOutcome outcome)
      throws InterruptedException {
    MountSwitch mounts = new MountSwitch(voice::note);
    try {
      mounts.toCurrent(repository);
    } catch (CommandException | MountException | StoreException e) {
      fail(outcome, e);
    }
    outcome.switched(mounts.switched());
  }

  // A mount that was busy before is news, too.
  private void tell(Hooks programs, RepositoryConfig repository, SyncOutcome outcome)
      throws InterruptedException {
    try {
      boolean switched = !outcome.switched().isEmpty();
      HookRun run = new HookRun(programs, Posix.system());
      for (String failure : run.run(repository, "sync", switched, voice)) {
        fail(outcome, new CommandException(ExitCode.HOOK, failure));
      }
    } catch (SyncException e) {
      fail(outcome, e);
    }
  }

  private void fail(SyncOutcome outcome, Exception e) {
    voice.end();
    outcome.failed(failures.applyAsInt(e), Failures.describe(e));
  }
}
