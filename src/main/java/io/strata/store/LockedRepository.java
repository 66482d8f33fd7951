package io.strata.store;

import io.strata.posix.Posix;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * One repository of an {@link ImageStore}, held by the caller alone: the only way to change its
 * images, its link and its state. {@link #close} gives it up.
 *
 * <p>Every change is whole or not at all, also when the process is killed; what a killed one left
 * over, {@link #removeLeftovers} clears.
 */
public final class LockedRepository implements AutoCloseable {
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
    write("state", store.stateFile(repository), StateFile.write(state));
  }

  /**
   * A name in the cache directory for a file in the making.
   *
   * @param what a word; the same word gives the same name
   */
  public Path temporary(String what) {
    return store.directory().resolve(ImageStore.partName(repository, what));
  }

  /** As {@link #temporary}, but for a download that the next sync may go on with. */
  public Path partial(String what) {
    return store.partial(repository, what);
  }

  /** Removes the downloads of whose names' words {@code kept} says no. */
  public void removePartials(Predicate<String> kept) throws StoreException {
    String prefix = "." + repository + ":";
    String suffix = ImageStore.PARTIAL;
    try (DirectoryStream<Path> all = Files.newDirectoryStream(store.directory())) {
      for (Path file : all) {
        String name = String.valueOf(file.getFileName());
        boolean ours = name.startsWith(prefix) && name.endsWith(suffix);
        int end = name.length() - suffix.length();
        if (ours && !kept.test(name.substring(prefix.length(), end))) {
          Files.delete(file);
        }
      }
    } catch (IOException e) {
      throw faults.of("cannot remove old downloads", store.directory(), e);
    }
  }

  /**
   * Takes a damaged image out of the way of everybody who does not use it already; it stays as a
   * temporary file until the next sync. Nothing happens if it is not there.
   */
  public void setAside(Snapshot snapshot) throws StoreException {
    Path image = store.image(snapshot);
    try {
      DurableFiles.rename(image, temporary("damaged"));
    } catch (NoSuchFileException e) {
      return;
    } catch (IOException e) {
      throw faults.of("cannot set the image aside", image, e);
    }
    remember(state().withoutImage(snapshot.version()));
  }

  /** Removes whatever a killed process left in the making; gives the names. */
  public List<Path> removeLeftovers() throws StoreException {
    List<Path> leftovers = store.leftovers(repository);
    try {
      for (Path leftover : leftovers) {
        Files.delete(leftover);
      }
      return leftovers;
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

  /** Which snapshots were current. */
  public History history() throws StoreException {
    return store.history(repository);
  }

  /** Remembers another history from now on; nothing is written if it is the same. */
  public void remember(History history) throws StoreException {
    if (!history.equals(history())) {
      write("history", store.historyFile(repository), HistoryFile.write(history));
    }
  }

  /**
   * Swaps the {@code -current} link to a snapshot whose image is in place.
   *
   * @param heldBack the version to which no sync goes from now on
   */
  public void makeCurrent(Snapshot snapshot, Optional<String> heldBack) throws StoreException {
    // Remembered first: a rollback that the next sync does not know of would be undone by it.
    remember(history().withCurrent(snapshot.version()).holding(heldBack));
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
   * Removes the images that Strata put here, that are neither current nor among the {@code keep -
   * 1} that were current before, and that nobody has a lease of.
   *
   * @param keep 1 or more
   * @return the images that went, and those that only stay because they are in use
   */
  public List<OldImage> collect(int keep) throws StoreException {
    return new Collector(store, posix, repository).collect(keep, this::remove);
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

  private void remove(Snapshot snapshot) throws StoreException, IOException {
    Path image = store.image(snapshot);
    Files.deleteIfExists(image);
    DurableFiles.syncDirectoryOf(image);
    remember(state().withoutImage(snapshot.version()));
  }

  private void write(String what, Path file, String text) throws StoreException {
    try {
      DurableFiles.write(file, temporary(what), text);
    } catch (IOException e) {
      throw faults.of("cannot write the " + what, file, e);
    }
  }
}
