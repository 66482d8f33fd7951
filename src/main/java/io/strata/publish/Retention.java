package io.strata.publish;

import io.strata.store.Snapshot;
import io.strata.trust.Index;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Decides what of a repository an index no longer lists: snapshots beyond those to keep, deltas
 * that are too old or lead to no listed snapshot, and deltas that are on no way to the newest
 * snapshot that a client would go, being too long or too large; with each of these all files whose
 * names go on from its name behind a dot. Ways are those of a client that reads upstream's format
 * only, and those of one that reads both.
 *
 * <p>A version may hold any character, so a delta's name can't be taken apart: it belongs to every
 * pair of versions that make it, if the newer one is that of a listed image.
 */
final class Retention {
  /** What is known of the files that are listed. */
  interface Facts {
    /** The size in bytes; 0 if the file is not there. */
    long size(String name);

    /** When it was made. */
    Instant modified(String name);
  }

  /** A delta, by the versions that it leads between. */
  private record Edge(String from, String to, String name, DeltaKind kind) {}

  private final Snapshot newest;
  private final RetentionOptions keep;
  private final DeltaOptions deltas;
  private final Facts facts;

  /**
   * Decides for the repository of {@code newest}.
   *
   * @param newest the snapshot that becomes current
   */
  Retention(Snapshot newest, RetentionOptions keep, DeltaOptions deltas, Facts facts) {
    this.newest = newest;
    this.keep = keep;
    this.deltas = deltas;
    this.facts = facts;
  }

  /**
   * The files to list no longer.
   *
   * @param listed the names of all files, also of other repositories, in the order of publication
   * @param now from when the age of deltas counts
   */
  Set<String> unlisted(List<String> listed, Instant now) {
    List<Snapshot> snapshots = MirrorIndex.snapshots(newest.repository(), listed);
    Set<String> gone = new TreeSet<>();
    int left = snapshots.size() - keep.snapshots().orElse(snapshots.size());
    for (Snapshot snapshot : snapshots) {
      if (left > 0 && !snapshot.equals(newest)) {
        gone.add(snapshot.imageName());
        left--;
      }
    }
    Set<String> known = versions(snapshots, Set.of());
    gone.addAll(uselessDeltas(listed, known, versions(snapshots, gone), now));
    for (String name : listed) {
      if (goesOnFrom(name, gone)) {
        gone.add(name);
      }
    }
    return gone;
  }

  private static Set<String> versions(List<Snapshot> snapshots, Set<String> gone) {
    return snapshots.stream()
        .filter(snapshot -> !gone.contains(snapshot.imageName()))
        .map(Snapshot::version)
        .collect(Collectors.toSet());
  }

  private static boolean goesOnFrom(String name, Set<String> gone) {
    for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
      if (gone.contains(name.substring(0, dot))) {
        return true;
      }
    }
    return false;
  }

  /**
   * The deltas to list no longer.
   *
   * @param known the versions that were listed until now
   * @param versions those that still are
   */
  private Set<String> uselessDeltas(
      List<String> listed, Set<String> known, Set<String> versions, Instant now) {
    Set<String> useless = new HashSet<>();
    List<Edge> edges = new ArrayList<>();
    for (String name : listed) {
      List<Edge> all = edges(name);
      List<Edge> meant = all.stream().filter(edge -> versions.contains(edge.to())).toList();
      edges.addAll(meant);
      boolean ours =
          all.stream().anyMatch(edge -> known.contains(edge.to()) || known.contains(edge.from()));
      if (ours && (meant.isEmpty() || isTooOld(name, meant, now))) {
        useless.add(name);
      }
    }
    edges.removeIf(edge -> useless.contains(edge.name()));
    Set<String> gone = edges.stream().map(Edge::name).collect(Collectors.toSet());
    gone.removeAll(onWays(edges.stream().filter(e -> e.kind() == DeltaKind.SQDELTA).toList()));
    gone.removeAll(onWays(edges));
    useless.addAll(gone);
    return useless;
  }

  private boolean isTooOld(String name, List<Edge> meant, Instant now) {
    boolean leadsToNewest = meant.stream().anyMatch(edge -> edge.to().equals(newest.version()));
    return keep.deltaDays().isPresent()
        && !leadsToNewest
        && facts.modified(name).plus(Duration.ofDays(keep.deltaDays().getAsInt())).isBefore(now);
  }

  /** The deltas that are on a way to the newest snapshot that is within bounds. */
  private Set<String> onWays(List<Edge> edges) {
    long limit = (long) (deltas.maxShare() * facts.size(newest.imageName()));
    Map<String, Long> costs = new HashMap<>(Map.of(newest.version(), 0L));
    for (int steps = 1; steps < deltas.maxChain(); steps++) {
      Map<String, Long> longer = new HashMap<>(costs);
      for (Edge edge : edges) {
        Long rest = costs.get(edge.to());
        if (rest != null) {
          longer.merge(edge.from(), rest + facts.size(edge.name()), Math::min);
        }
      }
      costs = longer;
    }
    Set<String> useful = new HashSet<>();
    for (Edge edge : edges) {
      Long rest = costs.get(edge.to());
      if (rest != null && rest + facts.size(edge.name()) <= limit) {
        useful.add(edge.name());
      }
    }
    return useful;
  }

  /** All pairs of versions that a name may be made of; none if it is no delta's. */
  private List<Edge> edges(String name) {
    List<Edge> edges = new ArrayList<>();
    for (DeltaKind kind : DeltaKind.values()) {
      String prefix = newest.repository() + "-";
      if (name.startsWith(prefix) && name.endsWith(kind.suffix())) {
        String whole = name.substring(0, name.length() - kind.suffix().length());
        if (Index.isOf(newest.repository(), whole)) {
          addPairs(whole.substring(prefix.length()), name, kind, edges);
        }
      }
    }
    return edges;
  }

  private static void addPairs(String pair, String name, DeltaKind kind, List<Edge> edges) {
    for (int at = pair.indexOf('-', 1); at >= 0; at = pair.indexOf('-', at + 1)) {
      edges.add(new Edge(pair.substring(0, at), pair.substring(at + 1), name, kind));
    }
  }
}
