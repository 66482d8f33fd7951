package io.strata.sync;

import io.strata.delta.DeltaException;
import io.strata.delta.DeltaInfo;
import io.strata.delta.sqdelta2.Sqdelta2Info;
import io.strata.store.FileStamp;
import io.strata.store.ImageRecord;
import io.strata.store.Lease;
import io.strata.store.LockedRepository;
import io.strata.store.Snapshot;
import io.strata.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Goes along deltas, verifying the image of each snapshot on the way. What was made when a step
 * fails is kept, for another way may start there; {@link #close} removes it.
 */
final class DeltaRoute implements AutoCloseable {
  private static final String DELTA = "delta";

  /** An image that was made on the way: a temporary file. */
  private record Made(Snapshot snapshot, Path file, ImageRecord record) {}

  private final LockedRepository repository;
  private final VerifiedIndex index;
  private final Sources sources;
  private final DeltaMerger merger;
  private final SyncListener listener;
  private Optional<Made> made = Optional.empty();
  private int images;

  DeltaRoute(
      LockedRepository repository,
      VerifiedIndex index,
      Sources sources,
      DeltaMerger merger,
      SyncListener listener) {
    this.repository = repository;
    this.index = index;
    this.sources = sources;
    this.merger = merger;
    this.listener = listener;
  }

  /** What is here, with what was made. */
  Base withMade(Base base) {
    if (made.isEmpty()) {
      return base;
    }
    Map<Snapshot, ImageRecord> sound = new HashMap<>(base.sound());
    sound.put(made.get().snapshot(), made.get().record());
    return new Base(base.from(), sound, base.damaged());
  }

  /** Makes the newest image; gives the temporary file, which is the caller's. */
  Path go(Candidate choice) throws SyncException, WayException {
    List<Snapshot> path = choice.path();
    for (int i = 0; i < choice.files().size(); i++) {
      step(path.get(i), path.get(i + 1), choice.files().get(i));
    }
    Path image = made.orElseThrow().file();
    made = Optional.empty();
    return image;
  }

  private void step(Snapshot from, Snapshot to, String file) throws SyncException, WayException {
    Path delta = repository.temporary(DELTA);
    Path image = repository.temporary("image-" + images++);
    boolean done = false;
    try {
      String sha512 = index.index().digest(file).orElseThrow();
      sources.fetch(file, sha512, sources.length(file), repository, delta);
      apply(from, to, delta, image, file);
      ImageRecord record = new ImageRecord(to.version(), digest(to), FileStamp.of(image));
      forget();
      made = Optional.of(new Made(to, image, record));
      done = true;
    } catch (SyncException e) {
      throw new WayException(file, e);
    } catch (IOException e) {
      throw SyncException.of(repository.fault("cannot look at the image", image, e));
    } finally {
      discard(delta);
      if (!done) {
        discard(image);
      }
    }
  }

  private String digest(Snapshot snapshot) {
    return index.index().digest(snapshot.imageName()).orElseThrow();
  }

  private void apply(Snapshot from, Snapshot to, Path delta, Path image, String file)
      throws SyncException {
    if (made.isPresent() && made.get().snapshot().equals(from)) {
      merge(made.get().file(), delta, image, to, file);
      return;
    }
    try (Lease base = repository.store().lease(from)) {
      merge(base.image(), delta, image, to, file);
    } catch (StoreException e) {
      throw SyncException.of(e);
    }
  }

  private void merge(Path base, Path delta, Path image, Snapshot to, String file)
      throws SyncException {
    String address = index.mirror().address(file).toString();
    Room room = new Room(repository.store().directory());
    OptionalLong needed = OptionalLong.empty();
    try {
      needed = OptionalLong.of(lengthWhileMade(delta));
      room.check("the image that " + file + " makes", needed.getAsLong());
      merger.merge(
          base, delta, image, (verb, at, total) -> listener.progress(verb + " " + file, at, total));
      String phase = "verifying " + to.imageName();
      String found = Sha512.of(image, (at, total) -> listener.progress(phase, at, total));
      if (!found.equals(digest(to))) {
        throw new SyncException(
            Failure.DELTA, address + ": it makes an image whose SHA-512 is not that of the index");
      }
    } catch (DeltaException e) {
      throw new SyncException(Failure.DELTA, address + ": " + e.getMessage(), e);
    } catch (IOException e) {
      discard(image);
      StoreException failure = repository.fault("cannot apply " + file, image, e);
      throw room.failure(failure, "the image that " + file + " makes", needed);
    }
  }

  /** The most bytes that the image has while it is made. */
  private static long lengthWhileMade(Path delta) throws IOException, DeltaException {
    return Sqdelta2Info.isSqdelta2(delta)
        ? Sqdelta2Info.read(delta).targetLength()
        : DeltaInfo.read(delta).expandedTargetLength();
  }

  private void forget() {
    made.ifPresent(m -> discard(m.file()));
    made = Optional.empty();
  }

  @Override
  public void close() {
    forget();
  }

  static void discard(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // It is a temporary name: the next sync clears it.
      return;
    }
  }
}
