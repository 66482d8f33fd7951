package io.strata.sync;

import io.strata.store.Current;
import io.strata.store.ImageRecord;
import io.strata.store.ImageStore;
import io.strata.store.RepositoryState;
import io.strata.store.Snapshot;
import io.strata.store.StoreException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Finds the ways to the newest snapshot and weighs them. Changes nothing. */
final class Planner {
  private final ImageStore store;
  private final SyncListener listener;
  private final Images images;

  Planner(ImageStore store, SyncOptions options, SyncListener listener) {
    this.store = store;
    this.listener = listener;
    this.images = new Images(store, options.verify(), listener);
  }

  /** Looks what is here, and whether it is sound. */
  Base base(VerifiedIndex index, RepositoryState state) throws SyncException {
    String repository = index.target().repository();
    Optional<Snapshot> from = current(repository);
    Optional<ImageRecord> target = images.verify(index.target(), state, Set.of(index.sha512()));
    if (from.isEmpty() || from.get().equals(index.target())) {
      if (from.isPresent() && target.isEmpty()) {
        listener.warning(
            store.image(index.target()) + ": damaged; it is set aside and replaced as a whole");
      }
      return new Base(from, target, target);
    }
    return new Base(from, verifiedBase(from.get(), index, state), target);
  }

  /** The ways, the open ones in the order in which to try them. */
  SyncPlan plan(VerifiedIndex index, Base base) throws SyncException {
    List<Candidate> candidates = new ArrayList<>();
    if (base.target().isPresent()) {
      boolean current = base.from().equals(Optional.of(index.target()));
      candidates.add(Candidate.withoutDownload(current ? Way.UP_TO_DATE : Way.PRESENT));
    } else {
      base.from()
          .filter(from -> !from.equals(index.target()))
          .ifPresent(from -> candidates.add(delta(from, index, base)));
      candidates.add(download(Way.FULL, index.target().imageName(), index));
      candidates.sort(
          Comparator.comparing(Candidate::isOpen)
              .reversed()
              .thenComparingLong(Planner::weight)
              .thenComparing(Candidate::way));
    }
    return new SyncPlan(base.from(), index.target(), index.uri(), candidates);
  }

  // A delta of unknown size is far more likely to be the smaller one.
  private static long weight(Candidate candidate) {
    long unknown = candidate.way() == Way.DELTA ? 0 : Long.MAX_VALUE;
    return candidate.bytes().orElse(unknown);
  }

  private Optional<Snapshot> current(String repository) throws SyncException {
    try {
      return switch (store.current(repository)) {
        case Current.None _ -> Optional.empty();
        case Current.Present present -> Optional.of(present.snapshot());
        case Current.Broken broken -> {
          listener.warning(
              store.link(repository) + ": " + broken.reason() + "; it is replaced by this sync");
          yield Optional.empty();
        }
      };
    } catch (StoreException e) {
      throw SyncException.of(e);
    }
  }

  private Optional<ImageRecord> verifiedBase(
      Snapshot from, VerifiedIndex index, RepositoryState state) throws SyncException {
    Set<String> right = new HashSet<>();
    index.index().digest(from.imageName()).ifPresent(right::add);
    ImageRecord known = state.images().get(from.version());
    if (known != null) {
      right.add(known.sha512());
    }
    if (right.isEmpty() || !index.index().digests().containsKey(from.deltaNameTo(index.target()))) {
      return Optional.empty();
    }
    Optional<ImageRecord> verified = images.verify(from, state, right);
    if (verified.isEmpty()) {
      listener.warning(
          store.image(from) + ": damaged; it is set aside, and the full image is taken");
    }
    return verified;
  }

  private Candidate delta(Snapshot from, VerifiedIndex index, Base base) {
    String name = from.deltaNameTo(index.target());
    if (index.index().digest(name).isEmpty()) {
      return Candidate.barred(Way.DELTA, name, "the mirror has none");
    }
    if (base.verified().isEmpty()) {
      return Candidate.barred(Way.DELTA, name, "the image here is not what it should be");
    }
    return download(Way.DELTA, name, index);
  }

  private static Candidate download(Way way, String name, VerifiedIndex index) {
    try {
      OptionalLong length = index.mirror().length(name);
      return Candidate.download(way, name, length);
    } catch (SyncException e) {
      return Candidate.barred(way, name, String.valueOf(e.getMessage()));
    }
  }
}
