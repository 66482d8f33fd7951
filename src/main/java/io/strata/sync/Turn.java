package io.strata.sync;

import io.strata.store.ImageStore;
import io.strata.store.LockedRepository;
import io.strata.store.StoreException;
import java.util.Optional;

/** What is done when another process has the repository: one at a time changes it. */
public enum Turn {
  /** Wait until it has ended. */
  WAIT,
  /** Give up. */
  GIVE_UP;

  /**
   * Takes a repository.
   *
   * @throws SyncException of {@link Failure#BUSY} if another has it and this is {@link #GIVE_UP}
   */
  public LockedRepository take(ImageStore store, String repository, SyncListener listener)
      throws SyncException {
    try {
      Optional<LockedRepository> free = store.tryLock(repository);
      if (free.isPresent()) {
        return free.get();
      }
      if (this == GIVE_UP) {
        throw new SyncException(
            Failure.BUSY,
            repository + ": another sync, rollback or gc of it is running; try again later");
      }
      listener.note(repository + ": another sync, rollback or gc of it is running; waiting");
      return store.lock(repository);
    } catch (StoreException e) {
      throw SyncException.of(e);
    }
  }
}
