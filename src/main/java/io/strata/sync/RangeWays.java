package io.strata.sync;

import io.strata.blocks.BlockIndex;
import io.strata.blocks.BlockIndexException;
import io.strata.store.ImageStore;
import io.strata.store.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * The way by ranges: where the mirror lists a block index of the newest image, the parts of it that
 * an image here does not have.
 */
final class RangeWays {
  /** The largest block index that is read: of half a million parts. */
  private static final long MAX_INDEX = 16 << 20;

  /** A block index is not looked at that is more than this part of the cheapest other way. */
  private static final long WORTH = 10;

  private final ImageStore store;
  private final SyncListener listener;
  private Optional<Known> known = Optional.empty();
  private final Map<String, Obstacle> failed = new HashMap<>();

  /** What was found the last time. */
  private record Known(Snapshot from, String key, long indexBytes, RangePlan plan) {}

  RangeWays(ImageStore store, SyncListener listener) {
    this.store = store;
    this.listener = listener;
  }

  /** Whether the mirror has what this way takes. */
  static boolean isListed(VerifiedIndex index) {
    return index.index().digest(blocks(index)).isPresent();
  }

  private static String blocks(VerifiedIndex index) {
    return BlockIndex.nameFor(index.target().imageName());
  }

  /** What the last candidate does. */
  Optional<RangePlan> plan() {
    return known.map(Known::plan);
  }

  /**
   * The way, if the mirror has what it takes and there is an image here to begin at.
   *
   * @param cheapest bytes of the cheapest other way; empty if nobody knows
   */
  Optional<Candidate> candidate(
      VerifiedIndex index, Base base, Sources sources, Weights weights, OptionalLong cheapest) {
    Optional<Snapshot> from = from(base, index.target());
    if (!isListed(index) || from.isEmpty()) {
      return Optional.empty();
    }
    List<Snapshot> path = List.of(from.get(), index.target());
    List<String> files = List.of(blocks(index), index.target().imageName());
    Candidate way = Candidate.ranges(path, files, OptionalLong.empty());
    Optional<Obstacle> before = obstacle(files, sources, weights, cheapest);
    if (before.isPresent()) {
      return Optional.of(way.barredBy(before.get()));
    }
    try {
      Known found = known(from.get(), index, sources, limit(cheapest));
      OptionalLong bytes = OptionalLong.of(found.indexBytes() + found.plan().bytes());
      Candidate weighed = Candidate.ranges(path, files, bytes);
      return Optional.of(
          obstacle(found, weights, sources)
              .map(weighed::barredBy)
              .orElseGet(() -> weights.ifRoom(weighed, found.plan().written())));
    } catch (SyncException e) {
      failed.put(blocks(index), Obstacle.of(e));
      return Optional.of(way.barredBy(Obstacle.of(e)));
    }
  }

  /** The current image, unless it is damaged; else one that is sound. */
  private Optional<Snapshot> from(Base base, Snapshot target) {
    return Stream.concat(base.from().stream(), base.sound().keySet().stream())
        .filter(snapshot -> !snapshot.equals(target) && !base.damaged().contains(snapshot))
        .filter(snapshot -> Files.isRegularFile(store.image(snapshot)))
        .findFirst();
  }

  private static long limit(OptionalLong cheapest) {
    return Math.min(MAX_INDEX, cheapest.orElse(Long.MAX_VALUE) / WORTH);
  }

  /** What is known before anything is read. */
  private Optional<Obstacle> obstacle(
      List<String> files, Sources sources, Weights weights, OptionalLong cheapest) {
    for (String file : files) {
      Obstacle obstacle = failed.getOrDefault(file, weights.obstacle(file));
      if (obstacle != null) {
        return Optional.of(obstacle);
      }
    }
    if (!sources.giveParts()) {
      return Optional.of(new Obstacle(Failure.DOWNLOAD, "no mirror gives parts of files"));
    }
    OptionalLong index = weights.missing(files.getFirst());
    return index.orElse(0) > limit(cheapest)
        ? Optional.of(
            new Obstacle(
                Failure.DOWNLOAD,
                "its block index alone has "
                    + index.getAsLong()
                    + " bytes, which is too much beside the other ways"))
        : Optional.empty();
  }

  /** What is wrong with a plan. */
  private static Optional<Obstacle> obstacle(Known found, Weights weights, Sources sources) {
    RangePlan plan = found.plan();
    if (plan.isTooMuch(found.indexBytes())) {
      String why =
          found.indexBytes() + plan.bytes() + " bytes would come, more than 70% of the image";
      return Optional.of(new Obstacle(Failure.DOWNLOAD, why));
    }
    return weights.contradiction(plan.length()).or(() -> sources.limits().refusal(plan.length()));
  }

  private Known known(Snapshot from, VerifiedIndex index, Sources sources, long limit)
      throws SyncException {
    String key = index.index().digest(blocks(index)).orElseThrow();
    if (known.filter(k -> k.from().equals(from) && k.key().equals(key)).isEmpty()) {
      byte[] file = sources.small(blocks(index), key, (int) limit);
      BlockIndex wanted = wanted(index, file);
      Unfinished begun = Unfinished.of(store, from.repository(), key);
      RangePlan plan = RangePlan.of(from, here(from), key, wanted, begun.done(wanted));
      known = Optional.of(new Known(from, key, file.length, plan));
    }
    return known.get();
  }

  private static BlockIndex wanted(VerifiedIndex index, byte[] file) throws SyncException {
    String address = index.mirror().address(blocks(index)) + ": ";
    try {
      BlockIndex wanted = BlockIndex.read(file);
      if (wanted.imageSha512().equals(index.sha512())) {
        return wanted;
      }
      throw new SyncException(Failure.DOWNLOAD, address + "it is of another image");
    } catch (BlockIndexException e) {
      throw new SyncException(Failure.DOWNLOAD, address + e.getMessage(), e);
    }
  }

  private BlockIndex here(Snapshot from) throws SyncException {
    Path image = store.image(from);
    listener.progress("looking for parts in " + from.imageName(), 0, 0);
    try {
      return BlockIndex.of(image);
    } catch (IOException e) {
      throw new SyncException(Failure.IMAGE, image + ": no parts are taken: " + e.getMessage(), e);
    }
  }
}
