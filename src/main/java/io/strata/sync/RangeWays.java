package io.strata.sync;

import io.strata.blocks.BlockIndex;
import io.strata.blocks.BlockIndexException;
import io.strata.store.ImageStore;
import io.strata.store.Snapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The way by ranges: where the mirror lists a block index of the newest image, the parts of it that
 * the current image here does not have. What is here need not be sound: a part is taken by its
 * digest.
 */
final class RangeWays {
  /** A block index is far smaller than what it saves. */
  private static final int MAX_INDEX = 64 << 20;

  private final ImageStore store;
  private final SyncListener listener;
  private Optional<Known> known = Optional.empty();

  /** What was found the last time, by the digest of the block index. */
  private record Known(String sha512, RangePlan plan) {}

  RangeWays(ImageStore store, SyncListener listener) {
    this.store = store;
    this.listener = listener;
  }

  /** What the last candidate does. */
  Optional<RangePlan> plan() {
    return known.map(Known::plan);
  }

  /**
   * The way, if the mirror has what it takes and there is an image here to begin at.
   *
   * @param struck files that were tried in vain, and why
   */
  Optional<Candidate> candidate(
      VerifiedIndex index,
      Base base,
      Sources sources,
      Weights weights,
      Map<String, SyncException> struck) {
    String image = index.target().imageName();
    String blocks = BlockIndex.nameFor(image);
    Optional<String> sha512 = index.index().digest(blocks);
    Optional<Snapshot> from = base.from().filter(s -> !s.equals(index.target()));
    if (sha512.isEmpty() || from.isEmpty()) {
      return Optional.empty();
    }
    List<Snapshot> path = List.of(from.get(), index.target());
    Candidate way = Candidate.ranges(path, List.of(blocks, image), OptionalLong.empty());
    SyncException before = struck.get(blocks);
    if (before != null) {
      return Optional.of(way.barredBy(Obstacle.of(before)));
    }
    if (!sources.giveParts()) {
      return Optional.empty();
    }
    try {
      RangePlan plan = plan(from.get(), index, sha512.get(), sources);
      way = Candidate.ranges(path, way.files(), OptionalLong.of(plan.bytes()));
      return Optional.of(
          plan.isTooMuch()
              ? way.barredBy(new Obstacle(Failure.DOWNLOAD, "most of the image would come"))
              : weights.ifRoom(way, plan.length()));
    } catch (SyncException e) {
      return Optional.of(way.barredBy(Obstacle.of(e)));
    }
  }

  private RangePlan plan(Snapshot from, VerifiedIndex index, String sha512, Sources sources)
      throws SyncException {
    if (known.isEmpty() || !known.get().sha512().equals(sha512)) {
      BlockIndex wanted = wanted(index, sha512, sources);
      known = Optional.of(new Known(sha512, RangePlan.of(from, here(from), wanted)));
    }
    return known.get().plan();
  }

  private static BlockIndex wanted(VerifiedIndex index, String sha512, Sources sources)
      throws SyncException {
    String blocks = BlockIndex.nameFor(index.target().imageName());
    try {
      BlockIndex wanted = BlockIndex.read(sources.small(blocks, sha512, MAX_INDEX));
      if (wanted.imageSha512().equals(index.sha512())) {
        return wanted;
      }
      throw new SyncException(Failure.DOWNLOAD, blocks + ": it is of another image");
    } catch (BlockIndexException e) {
      throw new SyncException(Failure.DOWNLOAD, blocks + ": " + e.getMessage(), e);
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
