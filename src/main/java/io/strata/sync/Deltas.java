package io.strata.sync;

import io.strata.store.Snapshot;
import io.strata.trust.Index;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * The deltas of an index as a graph of snapshots. Immutable.
 *
 * <p>A version may hold any character, so a delta's name can't be taken apart: it belongs to every
 * pair of known snapshots whose names make it.
 */
final class Deltas {
  /** More steps than that are never worth it, however small they are. */
  private static final int MAX_STEPS = 32;

  /** So many deltas are considered at most, those nearest to the newest snapshot. */
  private static final int MAX_DELTAS = 128;

  /** How deltas of the two formats end; a client takes what is cheaper. */
  static final List<String> SUFFIXES = List.of(".sqdelta2", ".sqdelta");

  /** One delta; {@code file} is its name on the mirror. */
  record Step(Snapshot from, Snapshot to, String file) {}

  /** A path to the newest snapshot, seen from its beginning. */
  private record Path(Snapshot from, List<Step> steps, long weight) {}

  private final Map<Snapshot, List<Step>> byTarget = new HashMap<>();

  private Deltas() {}

  /**
   * The deltas between the snapshots that the index lists, and from those that are here.
   *
   * @param without names of deltas that do not count
   */
  static Deltas of(
      Index index, String repository, Collection<Snapshot> here, Collection<String> without) {
    Map<String, Snapshot> byVersion = new HashMap<>();
    for (String name : index.digests().keySet()) {
      Snapshot.ofImageName(repository, name).ifPresent(s -> byVersion.put(s.version(), s));
    }
    Set<String> targets = new HashSet<>(byVersion.keySet());
    here.forEach(s -> byVersion.put(s.version(), s));
    Deltas deltas = new Deltas();
    for (String name : index.digests().keySet()) {
      for (String suffix : SUFFIXES) {
        String prefix = repository + "-";
        if (name.startsWith(prefix) && name.endsWith(suffix) && !without.contains(name)) {
          String pair = name.substring(prefix.length(), name.length() - suffix.length());
          deltas.add(name, pair, byVersion, targets);
        }
      }
    }
    return deltas;
  }

  private void add(String name, String pair, Map<String, Snapshot> versions, Set<String> targets) {
    for (int at = pair.indexOf('-'); at >= 0; at = pair.indexOf('-', at + 1)) {
      Snapshot from = versions.get(pair.substring(0, at));
      String to = pair.substring(at + 1);
      Snapshot target = targets.contains(to) ? versions.get(to) : null;
      if (from != null && target != null && !from.equals(target)) {
        byTarget.computeIfAbsent(target, _ -> new ArrayList<>()).add(new Step(from, target, name));
      }
    }
  }

  /** The deltas on all paths from any of {@code bases} to {@code target}. */
  Set<Step> between(Collection<Snapshot> bases, Snapshot target) {
    Set<Step> leading = new LinkedHashSet<>();
    List<Snapshot> level = List.of(target);
    Set<Snapshot> reached = new HashSet<>(level);
    for (int steps = 0; steps < MAX_STEPS && !level.isEmpty(); steps++) {
      List<Snapshot> next = new ArrayList<>();
      for (Snapshot to : level) {
        for (Step step : byTarget.getOrDefault(to, List.of())) {
          if (leading.size() < MAX_DELTAS && leading.add(step) && reached.add(step.from())) {
            next.add(step.from());
          }
        }
      }
      level = next;
    }
    return fromAny(bases, leading);
  }

  private static Set<Step> fromAny(Collection<Snapshot> bases, Set<Step> steps) {
    Set<Snapshot> reached = new HashSet<>(bases);
    Set<Step> useful = new LinkedHashSet<>();
    boolean more = true;
    while (more) {
      more = false;
      for (Step step : steps) {
        if (reached.contains(step.from()) && useful.add(step)) {
          reached.add(step.to());
          more = true;
        }
      }
    }
    return useful;
  }

  /**
   * The path of two or more of {@code steps} that weighs least; of equals, the shortest.
   *
   * @param weight 0 or more, of one step
   */
  static Optional<List<Step>> chain(
      Snapshot base, Snapshot target, Set<Step> steps, ToLongFunction<Step> weight) {
    Comparator<Path> order =
        Comparator.comparingLong(Path::weight).thenComparingInt(p -> p.steps().size());
    PriorityQueue<Path> open = new PriorityQueue<>(order);
    Set<Snapshot> done = new HashSet<>();
    open.add(new Path(target, List.of(), 0));
    while (!open.isEmpty()) {
      Path path = open.remove();
      if (path.from().equals(base)) {
        return Optional.of(path.steps());
      }
      if (path.steps().size() < MAX_STEPS && done.add(path.from())) {
        for (Step step : steps) {
          boolean direct = step.from().equals(base) && step.to().equals(target);
          if (step.to().equals(path.from()) && !direct && !done.contains(step.from())) {
            List<Step> longer = new ArrayList<>(List.of(step));
            longer.addAll(path.steps());
            long sum = path.weight() + weight.applyAsLong(step);
            open.add(new Path(step.from(), List.copyOf(longer), sum));
          }
        }
      }
    }
    return Optional.empty();
  }
}
