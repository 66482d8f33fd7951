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

  /** Why there is no space for {@code bytes} of {@code what}, if so. */
  Optional<String> lack(String what, long bytes) {
    OptionalLong free = free();
    if (free.isEmpty() || bytes <= free.getAsLong()) {
      return Optional.empty();
    }
    return Optional.of(
        directory
            + ": no space left for "
            + what
            + ": "
            + (bytes - free.getAsLong())
            + " bytes are missing of "
            + bytes
            + "; free some and sync again");
  }

  /** Fails if there is no space for {@code bytes} of {@code what}. */
  void check(String what, long bytes) throws SyncException {
    Optional<String> lack = lack(what, bytes);
    if (lack.isPresent()) {
      throw new SyncException(Failure.NO_SPACE, lack.get());
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
    Optional<String> lack = still.isPresent() ? lack(what, still.getAsLong()) : Optional.empty();
    String unknown = failure.getMessage() + "; how much is missing the mirror does not say";
    return new SyncException(Failure.NO_SPACE, lack.orElse(unknown), failure);
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
