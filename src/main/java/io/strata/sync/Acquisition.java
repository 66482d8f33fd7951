package io.strata.sync;

import io.strata.store.LockedRepository;
import io.strata.store.StoreException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Gets the newest image: goes the cheapest way, and where that fails strikes what failed, weighs
 * anew and goes the next one, with all that came so far.
 */
final class Acquisition {
  private final LockedRepository repository;
  private final VerifiedIndex index;
  private final Sources sources;
  private final Planner planner;
  private final DeltaMerger merger;
  private final SyncListener listener;
  private final Map<String, SyncException> struck = new HashMap<>();

  Acquisition(
      LockedRepository repository,
      VerifiedIndex index,
      Sources sources,
      Planner planner,
      DeltaMerger merger,
      SyncListener listener) {
    this.repository = repository;
    this.index = index;
    this.sources = sources;
    this.planner = planner;
    this.merger = merger;
    this.listener = listener;
  }

  /** What was downloaded so far, in bytes. */
  long bytes() {
    return sources.bytes();
  }

  /**
   * Gets the image and puts it in place.
   *
   * @return the way that led there
   * @throws SyncException of the last one, if none did; nothing has changed then
   */
  Way go(Base base) throws SyncException {
    SyncException last = null;
    try (DeltaRoute deltas = new DeltaRoute(repository, index, sources, merger, listener)) {
      while (true) {
        SyncPlan plan = planner.plan(index, deltas.withMade(base), sources, struck);
        Candidate choice = plan.choice().orElse(null);
        if (choice == null) {
          throw last != null ? last : noneOpen(plan);
        }
        if (last != null) {
          listener.warning(last.getMessage() + "; trying the " + choice.way().words());
        }
        try {
          go(choice, deltas);
          return choice.way();
        } catch (WayException e) {
          last = e.reason();
          strike(choice, e);
        }
      }
    }
  }

  private void go(Candidate choice, DeltaRoute deltas) throws SyncException, WayException {
    switch (choice.way()) {
      case UP_TO_DATE, PRESENT, HELD -> {}
      case DELTA, CHAIN -> install(deltas.go(choice));
      case RANGES ->
          install(new RangeRoute(repository, index, sources, listener).go(planner.ranges()));
      case FULL -> install(whole());
    }
  }

  private void strike(Candidate choice, WayException e) throws SyncException {
    SyncException reason = e.reason();
    // Deltas need more room than the image alone.
    boolean tooLarge = choice.way() != Way.FULL && reason.failure() == Failure.NO_SPACE;
    if (!reason.failure().isTheMirrors() && !tooLarge) {
      throw reason;
    }
    struck.put(e.file(), reason);
  }

  private Path whole() throws WayException {
    String file = index.target().imageName();
    Path image = repository.temporary("image");
    try {
      sources.fetch(file, index.sha512(), sources.length(file), repository, image);
      return image;
    } catch (SyncException e) {
      throw new WayException(file, e);
    }
  }

  private void install(Path image) throws SyncException {
    try {
      repository.install(image, index.target(), index.sha512());
    } catch (StoreException e) {
      DeltaRoute.discard(image);
      throw SyncException.of(e);
    }
  }

  /** The failure of the way that is always there; of several, the one that says most. */
  private static SyncException noneOpen(SyncPlan plan) {
    Obstacle why =
        plan.candidates().stream()
            .filter(c -> c.way() == Way.FULL)
            .flatMap(c -> c.obstacle().stream())
            .findFirst()
            .orElse(new Obstacle(Failure.DOWNLOAD, "no way leads to " + plan.to()));
    return why.toException();
  }
}
