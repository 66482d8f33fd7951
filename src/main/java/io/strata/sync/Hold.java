package io.strata.sync;

import io.strata.store.Current;
import io.strata.store.History;
import io.strata.store.ImageRecord;
import io.strata.store.ImageStore;
import io.strata.store.RepositoryState;
import io.strata.store.Snapshot;
import io.strata.store.StoreException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a rollback asks of the syncs after it: to stay until the mirror has something newer. */
final class Hold {
  private final ImageStore store;
  private final SyncOptions options;
  private final SyncListener listener;

  Hold(ImageStore store, SyncOptions options, SyncListener listener) {
    this.store = store;
    this.options = options;
    this.listener = listener;
  }

  /**
   * The plan to stay, if the mirror's newest snapshot is the one that was rolled back from and the
   * image that is current here is sound.
   */
  Optional<SyncPlan> plan(Snapshot target, URI mirror, RepositoryState state) throws SyncException {
    Optional<Snapshot> here = heldAgainst(target);
    if (here.isEmpty()) {
      return Optional.empty();
    }
    Snapshot current = here.get();
    if (!isSound(current, state)) {
      listener.warning(
          store.image(current) + ": damaged; the rollback from " + target + " is given up");
      return Optional.empty();
    }
    listener.note(
        target.repository()
            + ": stays at "
            + current.version()
            + " since the rollback from "
            + target.version()
            + ", the newest on the mirror; 'strata rollback --undo "
            + target.repository()
            + "' goes forward");
    List<Candidate> stay = List.of(Candidate.withoutDownload(Way.HELD));
    return Optional.of(new SyncPlan(here, current, mirror, stay));
  }

  /** What a sync that goes to {@code target} leaves held back. */
  static Optional<String> after(History history, RepositoryState state, Snapshot target) {
    boolean newer = !state.seen().contains(target.version());
    return history.heldBack().filter(held -> !newer && !held.equals(target.version()));
  }

  private Optional<Snapshot> heldAgainst(Snapshot target) throws SyncException {
    try {
      String repository = target.repository();
      boolean held =
          store.history(repository).heldBack().filter(target.version()::equals).isPresent();
      return held
              && store.current(repository) instanceof Current.Present present
              && !present.snapshot().equals(target)
          ? Optional.of(present.snapshot())
          : Optional.empty();
    } catch (StoreException e) {
      throw SyncException.of(e);
    }
  }

  private boolean isSound(Snapshot current, RepositoryState state) throws SyncException {
    ImageRecord known = state.images().get(current.version());
    return known != null
        && new Images(store, options.verify(), listener)
            .verify(current, state, Set.of(known.sha512()))
            .isPresent();
  }
}
