package io.strata.sync;

import io.strata.store.NoSpaceException;
import io.strata.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/** How much space the image cache has. */
final class Room {
  private final Path directory;

  /** The space in {@code directory}, which need not exist yet. */
  Room(Path directory) {
    this.directory = directory;
  }

  /** That there is no space for {@code bytes} of {@code what}, if so. */
  Optional<Obstacle> lack(String what, long bytes) {
    OptionalLong free = free();
    if (free.isEmpty() || bytes <= free.getAsLong()) {
      return Optional.empty();
    }
    long missing = bytes - free.getAsLong();
    String why =
        directory
            + ": no space left for "
            + what
            + ": "
            + missing
            + " bytes are missing of "
            + bytes
            + "; free some and sync again";
    return Optional.of(new Obstacle(Failure.NO_SPACE, why, OptionalLong.of(missing)));
  }

  /** Fails if there is no space for {@code bytes} of {@code what}. */
  void check(String what, long bytes) throws SyncException {
    Optional<Obstacle> lack = lack(what, bytes);
    if (lack.isPresent()) {
      throw lack.get().toException();
    }
  }

  /**
   * A failed write, which says how much is missing if the disk is full.
   *
   * @param failure that the store makes of it
   * @param still how many bytes were to follow; empty if nobody knows
   */
  SyncException failure(StoreException failure, String what, OptionalLong still) {
    if (!(failure instanceof NoSpaceException)) {
      return SyncException.of(failure);
    }
    Optional<Obstacle> lack = still.isPresent() ? lack(what, still.getAsLong()) : Optional.empty();
    String unknown = failure.getMessage() + "; how much is missing the mirror does not say";
    return new SyncException(
        Failure.NO_SPACE,
        lack.map(Obstacle::why).orElse(unknown),
        failure,
        lack.map(Obstacle::missing).orElse(OptionalLong.empty()));
  }

  private OptionalLong free() {
    try {
      Path there = directory;
      while (!Files.exists(there) && there.getParent() != null) {
        there = there.getParent();
      }
      return OptionalLong.of(Files.getFileStore(there).getUsableSpace());
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }
}
