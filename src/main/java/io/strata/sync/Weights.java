package io.strata.sync;

import io.strata.store.ImageStore;
import io.strata.store.Snapshot;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What ways cost: bytes to download, space in the cache. Asks the mirror for each file once. */
final class Weights {
  /** For state files and what the file system needs for itself. */
  private static final long MARGIN = 1 << 14;

  private static final int AT_A_TIME = 4;

  private final ImageStore store;
  private final VerifiedIndex index;
  private final Sources sources;
  private final Map<String, Obstacle> obstacles = new ConcurrentHashMap<>();
  private final Map<String, OptionalLong> lengths = new ConcurrentHashMap<>();
  private final Room room;

  Weights(
      ImageStore store, VerifiedIndex index, Sources sources, Map<String, SyncException> struck) {
    this.store = store;
    this.index = index;
    this.sources = sources;
    this.room = new Room(store.directory());
    struck.forEach((file, why) -> obstacles.put(file, Obstacle.of(why)));
  }

  /** The full image. */
  Candidate full() {
    String image = index.target().imageName();
    OptionalLong missing = missing(image);
    Candidate full = Candidate.full(image, missing);
    return ifRoom(
        obstacles.containsKey(image) ? full.barredBy(obstacles.get(image)) : full,
        missing.orElse(0));
  }

  /** The candidate of a path of deltas, if none of them is missing. */
  Candidate of(List<Deltas.Step> steps) {
    OptionalLong sum = OptionalLong.of(0);
    long largest = 0;
    for (Deltas.Step step : steps) {
      OptionalLong missing = missing(step.file());
      sum =
          sum.isPresent() && missing.isPresent()
              ? OptionalLong.of(sum.getAsLong() + missing.getAsLong())
              : OptionalLong.empty();
      largest = Math.max(largest, missing.orElse(0));
    }
    List<Snapshot> path =
        Stream.concat(Stream.of(steps.getFirst().from()), steps.stream().map(Deltas.Step::to))
            .toList();
    Candidate candidate =
        Candidate.deltas(path, steps.stream().map(Deltas.Step::file).toList(), sum);
    // A delta, the image it makes, and in a chain the one that was made before.
    long image = whole(index.target().imageName()).orElse(0);
    return ifRoom(candidate, largest + image * Math.min(2, steps.size()));
  }

  /** What of a file is still to be downloaded; asks for its obstacle, too. */
  OptionalLong missing(String file) {
    OptionalLong whole = whole(file);
    if (whole.isEmpty()) {
      return whole;
    }
    String sha512 = index.index().digest(file).orElseThrow();
    long here = Partial.lengthOf(store, index.target().repository(), sha512);
    return OptionalLong.of(Math.max(0, whole.getAsLong() - here));
  }

  /** Asks for files, several at a time. */
  void ask(Collection<String> files) {
    try (ExecutorService threads =
        Executors.newFixedThreadPool(AT_A_TIME, Thread.ofVirtual().factory())) {
      files.forEach(file -> threads.execute(() -> whole(file)));
    }
  }

  /** That the mirror says of the newest image that it is not so long, if so. */
  Optional<Obstacle> contradiction(long imageLength) {
    OptionalLong said = whole(index.target().imageName());
    return said.isEmpty() || said.getAsLong() == imageLength
        ? Optional.empty()
        : Optional.of(
            new Obstacle(
                Failure.DOWNLOAD,
                "the block index is of an image of "
                    + imageLength
                    + " bytes, the mirror's has "
                    + said.getAsLong()));
  }

  /** Why a file can't be had; {@code null} if nobody said so. */
  @Nullable Obstacle obstacle(String file) {
    whole(file);
    return obstacles.get(file);
  }

  private OptionalLong whole(String file) {
    OptionalLong known = lengths.get(file);
    if (known != null) {
      return known;
    }
    OptionalLong length;
    try {
      length = sources.look(file).length();
    } catch (MirrorException e) {
      obstacles.putIfAbsent(file, Obstacle.of(e.toSync()));
      length = OptionalLong.empty();
    }
    lengths.put(file, length);
    return length;
  }

  /** The candidate, barred if there is no space for so many bytes. */
  Candidate ifRoom(Candidate candidate, long bytes) {
    return room.lack(String.join(", ", candidate.files()), bytes + MARGIN)
        .map(
            lack ->
                sources.limits().isIncredible(bytes)
                    ? new Obstacle(Failure.DOWNLOAD, FileLimits.incredible(lack))
                    : lack)
        .map(candidate::barredBy)
        .orElse(candidate);
  }
}
