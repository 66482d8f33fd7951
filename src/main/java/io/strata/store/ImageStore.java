package io.strata.store;

import io.strata.posix.ErrnoException;
import io.strata.posix.FileCalls;
import io.strata.posix.NameCalls;
import io.strata.posix.Posix;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The directory that holds the images of one or more repositories. Looking into it needs no lock
 * and no right to write; changing it needs {@link #lock}.
 *
 * <p>Immutable and thread-safe.
 */
public final class ImageStore {
  private static final String PART = ".part";

  /** Several times what the largest state needs. */
  private static final int MAX_TEXT = 16 << 20;

  static final String PARTIAL = ".partial";

  private final Path directory;
  private final Posix posix;

  /** The cache in {@code directory}, which need not exist yet. */
  public ImageStore(Path directory, Posix posix) {
    this.directory = directory.toAbsolutePath().normalize();
    this.posix = posix;
  }

  /** The cache directory, absolute. */
  public Path directory() {
    return directory;
  }

  /** Where a snapshot's image lies, or would. */
  public Path image(Snapshot snapshot) {
    return directory.resolve(snapshot.imageName());
  }

  /** Where a repository's {@code -current} link lies, or would. */
  public Path link(String repository) {
    return directory.resolve(Snapshot.linkName(repository));
  }

  /** What the {@code -current} link says. */
  public Current current(String repository) throws StoreException {
    Path link = link(repository);
    if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
      return new Current.None();
    }
    if (!Files.isSymbolicLink(link)) {
      throw new StoreException(link + ": it is not a symbolic link; move it away");
    }
    try {
      return resolve(repository, Files.readSymbolicLink(link));
    } catch (IOException e) {
      throw new Faults(directory).of("cannot read the link", link, e);
    }
  }

  /** Takes a lease of a snapshot's image. */
  public Lease lease(Snapshot snapshot) throws StoreException {
    return Lease.of(posix, image(snapshot));
  }

  /**
   * Takes a lease of the current image. Where a sync swaps the link and collects the image in
   * between, the new one is taken.
   *
   * @throws StoreException if there is none, or it is not usable; the message says what to do
   */
  public Lease leaseCurrent(String repository) throws StoreException {
    Current seen = current(repository);
    while (true) {
      try {
        return leaseOf(repository, seen);
      } catch (StoreException e) {
        Current now = current(repository);
        if (now.equals(seen)) {
          throw e;
        }
        seen = now;
      }
    }
  }

  private Lease leaseOf(String repository, Current current) throws StoreException {
    String wayOut = "; run 'strata sync " + repository + "'";
    return switch (current) {
      case Current.Present present -> Lease.of(posix, present.image());
      case Current.Broken broken ->
          throw new StoreException(link(repository) + ": " + broken.reason() + wayOut);
      case Current.None none ->
          throw new StoreException(repository + ": no snapshot of it in " + directory + wayOut);
    };
  }

  /** What is remembered of a repository; nothing if it was never synced. */
  public RepositoryState state(String repository) throws StoreException {
    Path file = stateFile(repository);
    try {
      return StateFile.read(repository, text(file));
    } catch (NoSuchFileException e) {
      return RepositoryState.EMPTY;
    } catch (IOException e) {
      throw new Faults(directory).of("cannot read the state", file, e);
    } catch (StoreException e) {
      throw new StoreException(
          file + ": " + e.getMessage() + "; remove it to forget what was accepted so far", e);
    }
  }

  private static String text(Path file) throws IOException, StoreException {
    try (SeekableByteChannel channel =
        Files.newByteChannel(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      if (channel.size() > MAX_TEXT) {
        throw new StoreException("it is too large to be one of ours");
      }
      byte[] bytes = Channels.newInputStream(channel).readNBytes(MAX_TEXT);
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new StoreException("it is no text", e);
    }
  }

  /** Which snapshots of a repository were current; nothing if it was never synced. */
  public History history(String repository) throws StoreException {
    Path file = historyFile(repository);
    try {
      return HistoryFile.read(repository, text(file));
    } catch (NoSuchFileException e) {
      return History.EMPTY;
    } catch (IOException e) {
      throw new Faults(directory).of("cannot read the history", file, e);
    } catch (StoreException e) {
      throw new StoreException(
          file + ": " + e.getMessage() + "; remove it to forget which snapshots were current", e);
    }
  }

  /** What {@link LockedRepository#collect} would find. Takes no lock and changes nothing. */
  public List<OldImage> collectable(String repository, int keep) throws StoreException {
    return new Collector(this, posix, repository).collect(keep, _ -> {});
  }

  /**
   * Takes the repository for the caller alone, making the directory if need be.
   *
   * @return empty if another process, or another caller in this one, has it
   */
  public Optional<LockedRepository> tryLock(String repository) throws StoreException {
    return lock(repository, false);
  }

  /** Like {@link #tryLock}, but waits for whoever has the repository now. */
  public LockedRepository lock(String repository) throws StoreException {
    return lock(repository, true).orElseThrow();
  }

  private Optional<LockedRepository> lock(String repository, boolean wait) throws StoreException {
    if (!Snapshot.isRepositoryName(repository)) {
      throw new StoreException("'" + repository + "': not a repository's name");
    }
    Path file = ownDirectory().resolve(repository + ".lock");
    try {
      Files.createDirectories(ownDirectory());
      if (Files.isSymbolicLink(ownDirectory())) {
        throw new StoreException(ownDirectory() + ": it is a symbolic link; remove it");
      }
      FileLock lock = FileLock.open(posix, file, NameCalls.O_CREAT | NameCalls.O_NOFOLLOW);
      if (wait) {
        lock.lock(FileCalls.LOCK_EX);
      } else if (!lock.tryLock(FileCalls.LOCK_EX)) {
        lock.close();
        return Optional.empty();
      }
      return Optional.of(new LockedRepository(this, posix, repository, lock));
    } catch (ErrnoException e) {
      throw new StoreException(
          file
              + ": cannot lock the repository: "
              + e.getMessage()
              + "; run it as the user whose cache it is",
          e);
    } catch (IOException e) {
      throw new Faults(directory).of("cannot make the directory", ownDirectory(), e);
    }
  }

  /**
   * A name in the cache directory for what has come so far of a download.
   *
   * @param what a word; the same word gives the same name
   */
  public Path partial(String repository, String what) {
    return directory.resolve("." + repository + ":" + what + PARTIAL);
  }

  Path stateFile(String repository) {
    return ownDirectory().resolve(repository + ".state");
  }

  Path historyFile(String repository) {
    return ownDirectory().resolve(repository + ".history");
  }

  /** What a killed process left in the making, or a running one makes just now. */
  public List<Path> leftovers(String repository) throws StoreException {
    return list(file -> isPart(repository, file));
  }

  /** Downloads that broke off, with which the next sync may go on. */
  public List<Path> partials(String repository) throws StoreException {
    String prefix = "." + repository + ":";
    return list(
        file -> {
          String name = String.valueOf(file.getFileName());
          return name.startsWith(prefix) && name.endsWith(PARTIAL);
        });
  }

  private List<Path> list(DirectoryStream.Filter<Path> filter) throws StoreException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, filter)) {
      files.forEach(found::add);
      return found;
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException | DirectoryIteratorException e) {
      throw new StoreException(directory + ": cannot be listed: " + e.getMessage(), e);
    }
  }

  /** The name of a file in the making. */
  static String partName(String repository, String what) {
    return "." + repository + ":" + what + PART;
  }

  private static boolean isPart(String repository, Path file) {
    String name = String.valueOf(file.getFileName());
    // Whoever makes a file beside a temporary name puts one more dot before it.
    String stem = name.startsWith("..") ? name.substring(1) : name;
    return stem.startsWith("." + repository + ":") && name.endsWith(PART);
  }

  /**
   * Who else may change what is in the cache, and so what is mounted; in words that can follow its
   * name.
   */
  public Optional<String> writers() {
    for (Path place : List.of(directory, ownDirectory())) {
      try {
        if (Files.getPosixFilePermissions(place).contains(PosixFilePermission.OTHERS_WRITE)) {
          return Optional.of("everybody may write to " + place + "; chmod o-w it");
        }
      } catch (IOException | UnsupportedOperationException e) {
        return Optional.empty(); // it is not there yet, or has no modes
      }
    }
    return Optional.empty();
  }

  private Path ownDirectory() {
    return directory.resolve(".strata");
  }

  private Current resolve(String repository, Path target) {
    Optional<Snapshot> snapshot = Snapshot.ofImageName(repository, target.toString());
    if (snapshot.isEmpty()) {
      return new Current.Broken("it names '" + target + "', no image of the repository here");
    }
    Path image = image(snapshot.get());
    return Files.isRegularFile(image, LinkOption.NOFOLLOW_LINKS)
        ? new Current.Present(snapshot.get(), image)
        : new Current.Broken("it names " + target + ", which is not there");
  }
}
