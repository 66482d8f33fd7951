package io.strata.store;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.Posix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Finds the images of a repository that nobody wants any more, and removes them. */
final class Collector {
  private final ImageStore store;
  private final Posix posix;
  private final String repository;

  Collector(ImageStore store, Posix posix, String repository) {
    this.store = store;
    this.posix = posix;
    this.repository = repository;
  }

  /** Removes an image that nobody has a lease of; new ones are kept away meanwhile. */
  interface Removal {
    void of(Snapshot snapshot) throws StoreException, IOException;
  }

  /**
   * Looks at every image that Strata put here and that is neither current nor one of the {@code
   * keep - 1} that were current before. Where the link names nothing good, all are kept.
   *
   * @param removal called for those that nobody uses
   * @return what was found; an image whose file is gone is removed, but not listed
   */
  List<OldImage> collect(int keep, Removal removal) throws StoreException {
    List<OldImage> found = new ArrayList<>();
    if (store.current(repository) instanceof Current.Present present) {
      for (String version : unwanted(present.snapshot(), keep)) {
        look(Snapshot.of(repository, version), removal).ifPresent(found::add);
      }
    }
    return found;
  }

  private Set<String> unwanted(Snapshot current, int keep) throws StoreException {
    Set<String> unwanted = new TreeSet<>(store.state(repository).images().keySet());
    unwanted.remove(current.version());
    // One that is remembered but gone, after a kill, takes no other's place.
    List<String> wanted = new ArrayList<>();
    for (String version : store.history(repository).before(current.version())) {
      if (unwanted.contains(version)
          && Files.exists(store.image(Snapshot.of(repository, version)))) {
        wanted.add(version);
      }
    }
    wanted.stream().limit(keep - 1L).forEach(unwanted::remove);
    return unwanted;
  }

  private Optional<OldImage> look(Snapshot snapshot, Removal removal) throws StoreException {
    Path image = store.image(snapshot);
    try {
      if (!Files.exists(image)) {
        removal.of(snapshot);
        return Optional.empty();
      }
      long bytes = Files.size(image);
      boolean free = Lease.unlessInUse(posix, image, () -> removal.of(snapshot));
      return Optional.of(new OldImage(snapshot, bytes, !free));
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ENOENT) {
        return Optional.empty(); // somebody was faster; its record goes the next time
      }
      throw new StoreException(image + ": cannot remove the old image: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new Faults(store.directory()).of("cannot remove the old image", image, e);
    }
  }
}
