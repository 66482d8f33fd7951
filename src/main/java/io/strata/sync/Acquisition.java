package io.strata.sync;

import io.strata.delta.DeltaException;
import io.strata.store.Lease;
import io.strata.store.LockedRepository;
import io.strata.store.Snapshot;
import io.strata.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Goes the ways of a plan until one leads to the newest image, and puts that in place. */
final class Acquisition {
  private static final String IMAGE = "image";
  private static final String DELTA = "delta";

  private final LockedRepository repository;
  private final VerifiedIndex index;
  private final DeltaMerger merger;
  private final SyncListener listener;
  private final Download download;

  Acquisition(
      LockedRepository repository, VerifiedIndex index, DeltaMerger merger, SyncListener listener) {
    this.repository = repository;
    this.index = index;
    this.merger = merger;
    this.listener = listener;
    this.download = new Download(index.mirror(), listener);
  }

  /** What was downloaded so far, in bytes. */
  long bytes() {
    return download.bytes();
  }

  /**
   * Tries the open ways in turn.
   *
   * @return the one that led there
   * @throws SyncException of the last one, if none did; nothing has changed then
   */
  Way go(SyncPlan plan) throws SyncException {
    SyncException last = null;
    for (Candidate candidate : plan.candidates()) {
      if (!candidate.isOpen()) {
        continue;
      }
      if (last != null) {
        listener.warning(last.getMessage() + "; trying the " + candidate.way().words());
      }
      try {
        go(candidate.way(), plan);
        return candidate.way();
      } catch (SyncException e) {
        // A merge needs more room than the image alone.
        boolean tooLarge = candidate.way() == Way.DELTA && e.failure() == Failure.NO_SPACE;
        if (!e.failure().isTheMirrors() && !tooLarge) {
          throw e;
        }
        last = e;
      }
    }
    throw last != null ? last : noneOpen(plan);
  }

  private void go(Way way, SyncPlan plan) throws SyncException {
    switch (way) {
      case UP_TO_DATE, PRESENT, HELD -> {}
      case DELTA -> install(byDelta(plan.from().orElseThrow()));
      case FULL -> install(whole());
    }
  }

  private Path whole() throws SyncException {
    Path image = repository.temporary(IMAGE);
    download.toFile(index.target().imageName(), index.sha512(), repository, image);
    return image;
  }

  private Path byDelta(Snapshot from) throws SyncException {
    String name = from.deltaNameTo(index.target());
    Path delta = repository.temporary(DELTA);
    Path image = repository.temporary(IMAGE);
    String digest = index.index().digest(name).orElseThrow();
    try (Lease base = repository.store().lease(from)) {
      download.toFile(name, digest, repository, delta);
      merge(base.image(), delta, image, name);
      return image;
    } catch (StoreException e) {
      throw SyncException.of(e);
    } finally {
      discard(delta);
    }
  }

  private void merge(Path base, Path delta, Path image, String name) throws SyncException {
    String address = index.mirror().address(name).toString();
    boolean done = false;
    try {
      merger.merge(
          base, delta, image, (verb, at, total) -> listener.progress(verb + " " + name, at, total));
      String phase = "verifying " + index.target().imageName();
      String found = Sha512.of(image, (at, total) -> listener.progress(phase, at, total));
      if (!found.equals(index.sha512())) {
        throw new SyncException(
            Failure.DELTA, address + ": it makes an image whose SHA-512 is not that of the index");
      }
      done = true;
    } catch (DeltaException e) {
      throw new SyncException(Failure.DELTA, address + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw SyncException.of(repository.fault("cannot apply " + name, image, e));
    } finally {
      if (!done) {
        discard(image);
      }
    }
  }

  private void install(Path image) throws SyncException {
    try {
      repository.install(image, index.target(), index.sha512());
    } catch (StoreException e) {
      discard(image);
      throw SyncException.of(e);
    }
  }

  private static SyncException noneOpen(SyncPlan plan) {
    String why =
        plan.candidates().stream()
            .filter(c -> c.way() == Way.FULL)
            .flatMap(c -> c.obstacle().stream())
            .findFirst()
            .orElse("no way leads to " + plan.to());
    return new SyncException(Failure.DOWNLOAD, why);
  }

  private static void discard(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // It is a temporary name: the next sync clears it.
      return;
    }
  }
}
