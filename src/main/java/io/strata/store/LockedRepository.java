package io.strata.store;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.Posix;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One repository of an {@link ImageStore}, held by the caller alone: the only way to change its
 * images, its link and its state. {@link #close} gives it up.
 *
 * <p>Every change is whole or not at all, also when the process is killed; what a killed one left
 * over, {@link #removeLeftovers} clears.
 */
public final class LockedRepository implements AutoCloseable {
  private static final String PART = ".part";

  private final ImageStore store;
  private final Posix posix;
  private final String repository;
  private final FileLock lock;
  private final Faults faults;

  LockedRepository(ImageStore store, Posix posix, String repository, FileLock lock) {
    this.store = store;
    this.posix = posix;
    this.repository = repository;
    this.lock = lock;
    this.faults = new Faults(store.directory());
  }

  /** The cache this repository lies in. */
  public ImageStore store() {
    return store;
  }

  /** What is remembered of the repository. */
  public RepositoryState state() throws StoreException {
    return store.state(repository);
  }

  /** Remembers something else from now on. */
  public void remember(RepositoryState state) throws StoreException {
    Path file = store.stateFile(repository);
    try {
      DurableFiles.write(file, temporary("state"), StateFile.write(state));
    } catch (IOException e) {
      throw faults.of("cannot write the state", file, e);
    }
  }

  /**
   * A name in the cache directory for a file in the making.
   *
   * @param what a word; the same word gives the same name
   */
  public Path temporary(String what) {
    return store.directory().resolve(leftoverPrefix() + what + PART);
  }

  /** Removes whatever a killed process left in the making; gives the names. */
  public List<Path> removeLeftovers() throws StoreException {
    List<Path> removed = new ArrayList<>();
    try (DirectoryStream<Path> leftovers =
        Files.newDirectoryStream(store.directory(), this::isLeftover)) {
      for (Path leftover : leftovers) {
        Files.delete(leftover);
        removed.add(leftover);
      }
      return removed;
    } catch (IOException e) {
      throw faults.of("cannot remove leftovers", store.directory(), e);
    }
  }

  /**
   * Makes a finished temporary file the image of a snapshot, replacing a damaged one of that name.
   *
   * @param sha512 the digest that the caller found right: 128 lower-case hexadecimal digits
   */
  public void install(Path finished, Snapshot snapshot, String sha512) throws StoreException {
    Path image = store.image(snapshot);
    try {
      DurableFiles.sync(finished);
      FileStamp stamp = FileStamp.of(finished);
      // Remembered first: an image that nobody knows of would never be collected.
      remember(state().withImage(new ImageRecord(snapshot.version(), sha512, stamp)));
      DurableFiles.rename(finished, image);
    } catch (IOException e) {
      throw faults.of("cannot put the image in place", image, e);
    }
  }

  /** Swaps the {@code -current} link to a snapshot whose image is in place. */
  public void makeCurrent(Snapshot snapshot) throws StoreException {
    Path link = store.link(repository);
    Path temporary = temporary("current");
    try {
      Files.deleteIfExists(temporary);
      Files.createSymbolicLink(temporary, Path.of(snapshot.imageName()));
      DurableFiles.rename(temporary, link);
    } catch (IOException e) {
      throw faults.of("cannot swap the link", link, e);
    }
  }

  /**
   * Removes the images that Strata put here, are not current and that nobody has a lease of.
   *
   * @return the snapshots whose images went
   */
  public List<Snapshot> collect() throws StoreException {
    Optional<Snapshot> current =
        store.current(repository) instanceof Current.Present present
            ? Optional.of(present.snapshot())
            : Optional.empty();
    List<Snapshot> collected = new ArrayList<>();
    if (current.isEmpty()) {
      return collected;
    }
    for (String version : state().images().keySet()) {
      Snapshot snapshot = Snapshot.of(repository, version);
      if (!snapshot.equals(current.get()) && remove(snapshot)) {
        collected.add(snapshot);
      }
    }
    return collected;
  }

  /** The exception for a failed write below the cache directory; a full disk has its own. */
  public StoreException fault(String what, Path file, IOException cause) {
    return faults.of(what, file, cause);
  }

  /** Lets others have the repository. */
  @Override
  public void close() {
    lock.close();
  }

  private boolean remove(Snapshot snapshot) throws StoreException {
    Path image = store.image(snapshot);
    try {
      boolean gone = Lease.unlessInUse(posix, image, () -> Files.delete(image));
      if (gone) {
        DurableFiles.syncDirectoryOf(image);
        remember(state().withoutImage(snapshot.version()));
      }
      return gone;
    } catch (ErrnoException e) {
      return forgetIfGone(snapshot, image, e);
    } catch (IOException e) {
      throw faults.of("cannot remove the old image", image, e);
    }
  }

  private boolean forgetIfGone(Snapshot snapshot, Path image, ErrnoException e)
      throws StoreException {
    if (e.errno() != Errno.ENOENT) {
      throw new StoreException(image + ": cannot remove the old image: " + e.getMessage(), e);
    }
    remember(state().withoutImage(snapshot.version()));
    return false;
  }

  private boolean isLeftover(Path file) {
    String name = String.valueOf(file.getFileName());
    // Whoever makes a file beside a temporary name puts one more dot before it.
    String stem = name.startsWith("..") ? name.substring(1) : name;
    return stem.startsWith(leftoverPrefix()) && name.endsWith(PART);
  }

  private String leftoverPrefix() {
    return "." + repository + ":";
  }
}
