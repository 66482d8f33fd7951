package io.strata.sync;

import io.strata.store.Current;
import io.strata.store.ImageRecord;
import io.strata.store.ImageStore;
import io.strata.store.RepositoryState;
import io.strata.store.Snapshot;
import io.strata.store.StoreException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * Looks what is here, finds the ways to the newest snapshot and weighs them. Changes nothing.
 *
 * <p>Each kind of way adds its candidates to the list; the weighing knows none of them.
 */
final class Planner {
  private final ImageStore store;
  private final SyncListener listener;
  private final Images images;
  private final RangeWays ranges;

  Planner(ImageStore store, SyncOptions options, SyncListener listener) {
    this.store = store;
    this.listener = listener;
    this.images = new Images(store, options.verify(), listener);
    this.ranges = new RangeWays(store, listener);
  }

  /** Looks what is here, and whether it is sound. */
  Base base(VerifiedIndex index, RepositoryState state) throws SyncException {
    Snapshot target = index.target();
    Optional<Snapshot> from = current(target.repository());
    Map<Snapshot, ImageRecord> sound = new HashMap<>();
    List<Snapshot> damaged = new ArrayList<>();
    images.verify(target, state, Set.of(index.sha512())).ifPresent(r -> sound.put(target, r));
    if (sound.isEmpty()) {
      Set<Snapshot> bases = bases(from, state, target);
      Set<Snapshot> useful = new LinkedHashSet<>();
      Deltas deltas = Deltas.of(index.index(), target.repository(), bases, List.of());
      deltas.between(bases, target).forEach(step -> useful.add(step.from()));
      useful.retainAll(bases);
      // One that nobody knows the digest of is no base for deltas, and nothing is wrong with it.
      if (RangeWays.isListed(index)) {
        from.filter(s -> bases.contains(s) && !digests(s, index, state).isEmpty())
            .ifPresent(useful::add);
      }
      for (Snapshot snapshot : useful) {
        Optional<ImageRecord> record =
            images.verify(snapshot, state, digests(snapshot, index, state));
        record.ifPresent(r -> sound.put(snapshot, r));
        if (record.isEmpty() && Files.exists(store.image(snapshot))) {
          damaged.add(snapshot);
        }
      }
      warnOf(from, target, damaged);
    }
    return new Base(from, sound, damaged);
  }

  /** All images that are here as far as anybody knows, the current one first. */
  private static Set<Snapshot> bases(
      Optional<Snapshot> from, RepositoryState state, Snapshot target) {
    Set<Snapshot> bases = new LinkedHashSet<>();
    from.ifPresent(bases::add);
    for (String version : state.images().keySet()) {
      bases.add(new Snapshot(target.repository(), version));
    }
    bases.remove(target);
    return bases;
  }

  private static Set<String> digests(
      Snapshot snapshot, VerifiedIndex index, RepositoryState state) {
    Set<String> right = new HashSet<>();
    index.index().digest(snapshot.imageName()).ifPresent(right::add);
    ImageRecord known = state.images().get(snapshot.version());
    if (known != null) {
      right.add(known.sha512());
    }
    return right;
  }

  private void warnOf(Optional<Snapshot> from, Snapshot target, List<Snapshot> damaged) {
    if (from.equals(Optional.of(target))) {
      listener.warning(store.image(target) + ": damaged; it is set aside and replaced as a whole");
    }
    for (Snapshot snapshot : damaged) {
      listener.warning(
          store.image(snapshot) + ": damaged; it is set aside, and no delta to it is applied");
    }
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

  /**
   * The ways, the open ones in the order in which to try them.
   *
   * @param struck files that were tried in vain, and why
   */
  SyncPlan plan(
      VerifiedIndex index, Base base, Sources sources, Map<String, SyncException> struck) {
    List<Candidate> candidates = new ArrayList<>();
    if (base.sound().containsKey(index.target())) {
      boolean current = base.from().equals(Optional.of(index.target()));
      candidates.add(Candidate.withoutDownload(current ? Way.UP_TO_DATE : Way.PRESENT));
    } else {
      Weights weights = new Weights(store, index, sources, struck);
      candidates.addAll(new DeltaWays(index, base, weights).candidates());
      candidates.add(weights.full());
      OptionalLong cheapest = cheapest(candidates);
      ranges.candidate(index, base, sources, weights, cheapest).ifPresent(candidates::add);
      candidates.sort(
          Comparator.comparing(Candidate::isOpen)
              .reversed()
              .thenComparingLong(Planner::weight)
              .thenComparing(c -> c.files().size())
              .thenComparing(Candidate::way));
    }
    return new SyncPlan(base.from(), index.target(), index.uri(), candidates);
  }

  /** Bytes of the way that would be chosen; empty if nobody knows. */
  private static OptionalLong cheapest(List<Candidate> candidates) {
    LongStream open = candidates.stream().filter(Candidate::isOpen).mapToLong(Planner::weight);
    OptionalLong least = open.min();
    return least.orElse(Long.MAX_VALUE) == Long.MAX_VALUE ? OptionalLong.empty() : least;
  }

  /** What the way by ranges does that {@link #plan} gave. */
  RangePlan ranges() {
    return ranges.plan().orElseThrow();
  }

  // Deltas of unknown size are far more likely to be the smaller ones.
  private static long weight(Candidate candidate) {
    return candidate.bytes().orElse(candidate.way() == Way.FULL ? Long.MAX_VALUE : 0);
  }
}
