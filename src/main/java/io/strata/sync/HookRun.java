package io.strata.sync;

import io.strata.posix.Posix;
import io.strata.store.Current;
import io.strata.store.ImageStore;
import io.strata.store.LockedRepository;
import io.strata.store.Snapshot;
import io.strata.store.StoreException;
import java.util.List;
import java.util.Optional;

/**
 * Has the hooks of a repository run, at least once for each snapshot at which it stays. Which one
 * they heard of last is remembered only when they have ended: where a process is killed before
 * that, the next sync makes up for it.
 */
public final class HookRun {
  private final Hooks hooks;
  private final Posix posix;

  /** A way to run {@code hooks}. */
  public HookRun(Hooks hooks, Posix posix) {
    this.hooks = hooks;
    this.posix = posix;
  }

  /**
   * Runs them if they have not heard yet of the snapshot that is current. No lock is held
   * meanwhile, so that they may sync, mount or roll back.
   *
   * @param cause see {@link Hooks.Event}
   * @param anyway also if they have heard of it
   * @return a line for each that failed or could not be run
   */
  public List<String> run(
      RepositoryConfig config, String cause, boolean anyway, SyncListener listener)
      throws SyncException, InterruptedException {
    ImageStore store = new ImageStore(config.cache(), posix);
    try {
      Optional<String> told = store.history(config.name()).told();
      if (!(store.current(config.name()) instanceof Current.Present now)
          || (!anyway && told.equals(Optional.of(now.snapshot().version())))) {
        return List.of();
      }
      Optional<Snapshot> old = told.map(version -> new Snapshot(config.name(), version));
      List<String> failures =
          hooks.run(new Hooks.Event(cause, old, now.snapshot(), now.image()), listener);
      try (LockedRepository repository = store.lock(config.name())) {
        repository.remember(repository.history().telling(now.snapshot().version()));
      }
      return failures;
    } catch (StoreException e) {
      throw SyncException.of(e);
    }
  }
}
