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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
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

  /**
   * An engine that waits for mirrors as long as {@code timeouts} says, behind the proxies that the
   * environment names.
   */
  public SyncEngine(Posix posix, Timeouts timeouts) {
    this(posix, timeouts, new SqdeltaMerger(), System.getenv());
  }

  SyncEngine(Posix posix, Timeouts timeouts, DeltaMerger merger, Map<String, String> environment) {
    this.posix = posix;
    this.merger = merger;
    this.mirrors = new Mirrors(timeouts, environment);
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
    RepositoryState state = state(store, config.name());
    MirrorTurns turns = new MirrorTurns(config, mirrors, FileLimits.of(config, state), listener);
    return turns.go(
        (uri, mirror) -> source.fetch(uri, mirror, state, listener),
        (index, sources) -> plan(store, index, sources, options, listener));
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
      store.writers().ifPresent(who -> listener.warning(store.directory() + ": " + who));
      repository.removeLeftovers();
      FileLimits limits = FileLimits.of(config, repository.state());
      MirrorTurns turns = new MirrorTurns(config, mirrors, limits, listener);
      MirrorTurns.IndexFetch indexes =
          (uri, mirror) -> source.fetch(uri, mirror, state(store, config.name()), listener);
      MirrorTurns.Attempt<SyncResult> attempt =
          (index, sources) -> sync(repository, index, sources, options, listener, start);
      try {
        return turns.go(indexes, attempt);
      } catch (SyncException e) {
        if (e.failure() != Failure.NO_SPACE || !makeRoom(config.name(), repository, e, listener)) {
          throw e;
        }
        return turns.go(indexes, attempt);
      }
    } catch (StoreException e) {
      throw SyncException.of(e);
    }
  }

  // Not where that would not help anyway.
  private static boolean makeRoom(
      String name, LockedRepository repository, SyncException why, SyncListener listener)
      throws StoreException {
    long room =
        repository.store().collectable(name, 1).stream()
            .filter(image -> !image.inUse())
            .mapToLong(OldImage::bytes)
            .sum();
    if (why.missing().orElse(0) > room) {
      return false;
    }
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

  private static SyncPlan plan(
      ImageStore store,
      VerifiedIndex index,
      Sources sources,
      SyncOptions options,
      SyncListener listener)
      throws SyncException {
    RepositoryState state = state(store, index.target().repository());
    Optional<SyncPlan> held =
        new Hold(store, options, listener).plan(index.target(), index.uri(), state);
    if (held.isPresent()) {
      return held.get();
    }
    Planner planner = new Planner(store, options, listener);
    return planner.plan(index, planner.base(index, state), sources, Map.of());
  }

  private SyncResult sync(
      LockedRepository repository,
      VerifiedIndex index,
      Sources sources,
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
        Partial.keepOnly(repository, List.of());
        Duration time = Duration.between(start, Instant.now());
        return new SyncResult(held.get().from(), held.get().to(), Way.HELD, 0, time);
      }
      Base base = planner.base(index, repository.state());
      remember(repository, base);
      Partial.keepOnly(repository, index.index().digests().values());
      Acquisition acquisition =
          new Acquisition(repository, index, sources, planner, merger, listener);
      Way way = acquisition.go(base);
      Optional<String> stillHeld =
          Hold.after(repository.history(), repository.state(), index.target());
      // Before the swap: should it fail, what is current is still what was.
      accept(repository, index);
      settle(repository, way, base.from(), index.target(), stillHeld);
      for (Snapshot damaged : base.damaged()) {
        repository.setAside(damaged);
      }
      Partial.keepOnly(repository, List.of());
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
    for (ImageRecord image : base.sound().values()) {
      state = state.withImage(image);
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

  private static RepositoryState state(ImageStore store, String repository) throws SyncException {
    try {
      return store.state(repository);
    } catch (StoreException e) {
      throw SyncException.of(e);
    }
  }
}
