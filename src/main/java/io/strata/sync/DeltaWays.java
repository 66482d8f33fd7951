package io.strata.sync;

import io.strata.store.Snapshot;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The ways by deltas: from each image here, the direct one and the cheapest chain. */
final class DeltaWays {
  private final VerifiedIndex index;
  private final Base base;
  private final Weights weights;

  DeltaWays(VerifiedIndex index, Base base, Weights weights) {
    this.index = index;
    this.base = base;
    this.weights = weights;
  }

  List<Candidate> candidates() {
    Snapshot target = index.target();
    Set<Snapshot> here = base.sound().keySet();
    Deltas deltas = Deltas.of(index.index(), target.repository(), here, List.of());
    Set<Deltas.Step> there = new LinkedHashSet<>(deltas.between(here, target));
    weights.ask(there.stream().map(Deltas.Step::file).distinct().toList());
    List<Candidate> candidates = new ArrayList<>();
    for (Deltas.Step step : there) {
      if (step.to().equals(target) && here.contains(step.from())) {
        candidates.add(direct(step));
      }
    }
    there.removeIf(step -> weights.obstacle(step.file()) != null);
    for (Snapshot from : here) {
      Deltas.chain(from, target, there, step -> weights.missing(step.file()).orElse(0))
          .ifPresent(chain -> candidates.add(weights.of(chain)));
    }
    whyNone().ifPresent(candidates::add);
    return candidates;
  }

  private Candidate direct(Deltas.Step step) {
    Candidate candidate = weights.of(List.of(step));
    Obstacle obstacle = weights.obstacle(step.file());
    return obstacle == null ? candidate : candidate.barredBy(obstacle);
  }

  /** What a person would look for in vain: a delta from the current image. */
  private Optional<Candidate> whyNone() {
    Optional<Snapshot> from = base.from().filter(s -> !s.equals(index.target()));
    if (from.isEmpty()) {
      return Optional.empty();
    }
    String name = from.get().deltaNameTo(index.target());
    boolean listed =
        Deltas.SUFFIXES.stream()
            .map(suffix -> name.substring(0, name.lastIndexOf('.')) + suffix)
            .anyMatch(each -> index.index().digest(each).isPresent());
    if (listed && base.sound().containsKey(from.get())) {
      return Optional.empty();
    }
    String why = listed ? "the image here is not what it should be" : "the mirror has none";
    return Optional.of(
        Candidate.deltas(List.of(from.get(), index.target()), List.of(name), OptionalLong.empty())
            .barredBy(new Obstacle(Failure.DOWNLOAD, why)));
  }
}
