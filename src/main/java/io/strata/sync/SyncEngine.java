package io.strata.sync;

import io.strata.posix.Posix;
import io.strata.store.History;
import io.strata.store.ImageRecord;
import io.strata.store.ImageStore;
import io.strata.store.LockedRepository;
import io.strata.store.OldImage;
import io.strata.store.RepositoryState;
import io.strata.store.Snapshot;
import io.strata.store.StoreException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Syncs repositories. Thread-safe; {@link #close} lets the connections go.
 *
 * <p>After a sync the caller switches the repository's mounts and then has the old images collected
 * with {@link #collect}.
 */
public final class SyncEngine implements AutoCloseable {
  private final Posix posix;
  private final DeltaMerger merger;
  private final Mirrors mirrors;

  /** An engine that waits for mirrors as long as {@code timeouts} says. */
  public SyncEngine(Posix posix, Timeouts timeouts) {
    this(posix, timeouts, new SqdeltaMerger());
  }

  SyncEngine(Posix posix, Timeouts timeouts, DeltaMerger merger) {
    this.posix = posix;
    this.merger = merger;
    this.mirrors = new Mirrors(timeouts);
  }

  /** What a sync would do. Takes no lock and changes nothing. */
  public SyncPlan plan(RepositoryConfig config, SyncListener listener) throws SyncException {
    return plan(config, SyncOptions.DEFAULT, listener);
  }

  /** What a sync with these options would do. Takes no lock and changes nothing. */
  public SyncPlan plan(RepositoryConfig config, SyncOptions options, SyncListener listener)
      throws SyncException {
    ImageStore store = new ImageStore(config.cache(), posix);
    IndexSource source = IndexSource.of(config, options.older());
    RepositoryState state = state(store, config);
    return overMirrors(
        config,
        listener,
        (uri, mirror) -> {
          VerifiedIndex index = source.fetch(uri, mirror, state, listener);
          Optional<SyncPlan> held =
              new Hold(store, options, listener).plan(index.target(), uri, state);
          if (held.isPresent()) {
            return held.get();
          }
          Planner planner = new Planner(store, options, listener);
          return planner.plan(index, planner.base(index, state));
        });
  }

  /** Brings a repository to its newest snapshot, as the configuration has it. */
  public SyncResult sync(RepositoryConfig config, SyncListener listener) throws SyncException {
    return sync(config, SyncOptions.DEFAULT, listener);
  }

  /**
   * Brings a repository to its newest snapshot. Where the cache has no space for it, the images go
   * first that were kept for a rollback only.
   *
   * @throws SyncException if that can't be done; what was current still is
   */
  public SyncResult sync(RepositoryConfig config, SyncOptions options, SyncListener listener)
      throws SyncException {
    Instant start = Instant.now();
    IndexSource source = IndexSource.of(config, options.older());
    ImageStore store = new ImageStore(config.cache(), posix);
    try (LockedRepository repository = options.turn().take(store, config.name(), listener)) {
      repository.removeLeftovers();
      Attempt<SyncResult> attempt =
          (uri, mirror) -> {
            VerifiedIndex index = source.fetch(uri, mirror, state(store, config), listener);
            return sync(repository, index, options, listener, start);
          };
      try {
        return overMirrors(config, listener, attempt);
      } catch (SyncException e) {
        if (e.failure() != Failure.NO_SPACE || !makeRoom(repository, e, listener)) {
          throw e;
        }
        return overMirrors(config, listener, attempt);
      }
    } catch (StoreException e) {
      throw SyncException.of(e);
    }
  }

  private static boolean makeRoom(
      LockedRepository repository, SyncException why, SyncListener listener) throws StoreException {
    List<OldImage> gone = repository.collect(1).stream().filter(image -> !image.inUse()).toList();
    for (OldImage image : gone) {
      listener.warning(why.getMessage() + "; removed " + image.snapshot() + " to make room");
    }
    return !gone.isEmpty();
  }

  /**
   * Removes the images of a repository that are not in use, but for the current one and the {@code
   * keep - 1} that were current before.
   *
   * @param keep 1 or more
   * @return the images that went, and those that only stay because they are in use
   */
  public List<OldImage> collect(RepositoryConfig config, int keep) throws SyncException {
    ImageStore store = new ImageStore(config.cache(), posix);
    try (LockedRepository repository = store.lock(config.name())) {
      return repository.collect(keep);
    } catch (StoreException e) {
      throw SyncException.of(e);
    }
  }

  @Override
  public void close() {
    mirrors.close();
  }

  private SyncResult sync(
      LockedRepository repository,
      VerifiedIndex index,
      SyncOptions options,
      SyncListener listener,
      Instant start)
      throws SyncException {
    Planner planner = new Planner(repository.store(), options, listener);
    try {
      Optional<SyncPlan> held =
          new Hold(repository.store(), options, listener)
              .plan(index.target(), index.uri(), repository.state());
      if (held.isPresent()) {
        accept(repository, index);
        Duration time = Duration.between(start, Instant.now());
        return new SyncResult(held.get().from(), held.get().to(), Way.HELD, 0, time);
      }
      Base base = planner.base(index, repository.state());
      remember(repository, base);
      SyncPlan plan = planner.plan(index, base);
      Acquisition acquisition = new Acquisition(repository, index, merger, listener);
      Way way = acquisition.go(plan);
      Optional<String> stillHeld =
          Hold.after(repository.history(), repository.state(), index.target());
      // Before the swap: should it fail, what is current is still what was.
      accept(repository, index);
      settle(repository, way, base.from(), index.target(), stillHeld);
      Duration time = Duration.between(start, Instant.now());
      return new SyncResult(base.from(), index.target(), way, acquisition.bytes(), time);
    } catch (StoreException e) {
      throw SyncException.of(e);
    }
  }

  // The link may have been swapped by hand, or by a program that kept no history.
  private static void settle(
      LockedRepository repository,
      Way way,
      Optional<Snapshot> from,
      Snapshot target,
      Optional<String> held)
      throws StoreException {
    History history = repository.history();
    if (from.isPresent()) {
      history = history.withCurrent(from.get().version());
    }
    repository.remember(history.holding(held));
    if (way != Way.UP_TO_DATE) {
      repository.makeCurrent(target, held);
    }
  }

  /** So that what was verified, or came from elsewhere, is known from now on. */
  private static void remember(LockedRepository repository, Base base) throws StoreException {
    RepositoryState before = repository.state();
    RepositoryState state = before;
    for (Optional<ImageRecord> image : List.of(base.verified(), base.target())) {
      state = image.isPresent() ? state.withImage(image.get()) : state;
    }
    if (!state.equals(before)) {
      repository.remember(state);
    }
  }

  private static void accept(LockedRepository repository, VerifiedIndex index)
      throws StoreException {
    RepositoryState before = repository.state();
    RepositoryState after = new Acceptance(index, Instant.now()).after(before);
    if (!after.equals(before)) {
      repository.remember(after);
    }
  }

  private static RepositoryState state(ImageStore store, RepositoryConfig config)
      throws SyncException {
    try {
      return store.state(config.name());
    } catch (StoreException e) {
      throw SyncException.of(e);
    }
  }

  private <T> T overMirrors(RepositoryConfig config, SyncListener listener, Attempt<T> attempt)
      throws SyncException {
    SyncException worst = null;
    List<URI> uris = config.syncUris();
    for (int i = 0; i < uris.size(); i++) {
      try {
        return attempt.at(uris.get(i), mirrors.open(uris.get(i)));
      } catch (SyncException e) {
        if (!e.failure().isTheMirrors()) {
          throw e;
        }
        if (i + 1 < uris.size()) {
          listener.warning(e.getMessage() + "; trying " + uris.get(i + 1));
        }
        // A signature that is wrong says more than a mirror that is down.
        worst = worst == null || e.failure() == Failure.SIGNATURE ? e : worst;
      }
    }
    throw worst != null
        ? worst
        : new SyncException(Failure.CONFIGURATION, config.name() + ": it has no sync-uri");
  }

  /** What is to be done at one mirror. */
  private interface Attempt<T> {
    T at(URI uri, Mirror mirror) throws SyncException;
  }
}
