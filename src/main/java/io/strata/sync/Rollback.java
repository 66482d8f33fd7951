package io.strata.sync;

import io.strata.posix.Posix;
import io.strata.store.Current;
import io.strata.store.History;
import io.strata.store.ImageRecord;
import io.strata.store.ImageStore;
import io.strata.store.LockedRepository;
import io.strata.store.Snapshot;
import io.strata.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Takes a repository back to the snapshot that was current before, or forward again. The image is
 * read and verified as a whole first. Thread-safe.
 *
 * <p>The caller switches the mounts afterwards.
 */
public final class Rollback {
  private final Posix posix;

  /** A rollback through {@code posix}. */
  public Rollback(Posix posix) {
    this.posix = posix;
  }

  /**
   * What was done.
   *
   * @param from the snapshot that was current before; empty if the link was of no use
   * @param to the snapshot that is current now
   */
  public record Step(Optional<Snapshot> from, Snapshot to) {}

  /**
   * Makes the snapshot before the current one current. Syncs leave it there until the mirror has
   * something newer than what was rolled back from, the first time where it is done several times.
   *
   * @throws SyncException of {@link Failure#NO_SNAPSHOT} if there is none here, of {@link
   *     Failure#IMAGE} if its image is damaged; nothing has changed then
   */
  public Step back(RepositoryConfig config, Turn turn, SyncListener listener) throws SyncException {
    ImageStore store = new ImageStore(config.cache(), posix);
    try (LockedRepository repository = turn.take(store, config.name(), listener)) {
      History history = repository.history();
      Optional<String> from = version(store, config.name());
      List<String> earlier = from.map(history::before).orElseGet(() -> all(history));
      Snapshot to = newestHere(repository, config.name(), earlier);
      verify(repository, to, listener);
      repository.makeCurrent(to, history.heldBack().or(() -> from));
      return new Step(from.map(version -> new Snapshot(config.name(), version)), to);
    } catch (StoreException e) {
      throw SyncException.of(e);
    }
  }

  /**
   * Lets syncs go again to what was rolled back from, and makes it current if its image is here.
   *
   * @return empty if it is not here: the next sync brings it
   * @throws SyncException of {@link Failure#NO_SNAPSHOT} if nothing was rolled back
   */
  public Optional<Step> undo(RepositoryConfig config, Turn turn, SyncListener listener)
      throws SyncException {
    ImageStore store = new ImageStore(config.cache(), posix);
    try (LockedRepository repository = turn.take(store, config.name(), listener)) {
      Optional<String> held = repository.history().heldBack();
      if (held.isEmpty()) {
        throw new SyncException(
            Failure.NO_SNAPSHOT,
            config.name() + ": nothing was rolled back; there is nothing to undo");
      }
      Optional<String> from = version(store, config.name());
      Snapshot to = Snapshot.of(config.name(), held.get());
      if (!isHere(repository, to)) {
        repository.remember(repository.history().holding(Optional.empty()));
        return Optional.empty();
      }
      verify(repository, to, listener);
      repository.makeCurrent(to, Optional.empty());
      return Optional.of(new Step(from.map(version -> new Snapshot(config.name(), version)), to));
    } catch (StoreException e) {
      throw SyncException.of(e);
    }
  }

  private static Optional<String> version(ImageStore store, String repository)
      throws StoreException {
    return store.current(repository) instanceof Current.Present present
        ? Optional.of(present.snapshot().version())
        : Optional.empty();
  }

  // The link is of no use: the last that was current is as good a way back as any.
  private static List<String> all(History history) {
    return history.versions().reversed();
  }

  private static Snapshot newestHere(
      LockedRepository repository, String name, List<String> versions)
      throws StoreException, SyncException {
    for (String version : versions) {
      Snapshot snapshot = Snapshot.of(name, version);
      if (isHere(repository, snapshot)) {
        return snapshot;
      }
    }
    throw new SyncException(
        Failure.NO_SNAPSHOT,
        name
            + ": no earlier snapshot of it is in "
            + repository.store().directory()
            + " any more; 'strata gc --keep N' says how many stay");
  }

  private static boolean isHere(LockedRepository repository, Snapshot snapshot)
      throws StoreException {
    return repository.state().images().containsKey(snapshot.version())
        && Files.isRegularFile(repository.store().image(snapshot), LinkOption.NOFOLLOW_LINKS);
  }

  private static void verify(LockedRepository repository, Snapshot to, SyncListener listener)
      throws StoreException, SyncException {
    Path image = repository.store().image(to);
    ImageRecord known = repository.state().images().get(to.version());
    String phase = "verifying " + to.imageName();
    try {
      String found = Sha512.of(image, (done, total) -> listener.progress(phase, done, total));
      if (known == null || !found.equals(known.sha512())) {
        throw new SyncException(
            Failure.IMAGE,
            image + ": damaged: its SHA-512 is not that of " + to + "; remove it, and try again");
      }
    } catch (IOException e) {
      throw SyncException.of(repository.fault("cannot read the image", image, e));
    }
  }
}
