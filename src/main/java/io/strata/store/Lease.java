package io.strata.store;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.FileCalls;
import io.strata.posix.NameCalls;
import io.strata.posix.Posix;
import io.strata.posix.Stat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/**
 * The word that an image is in use: nobody collects it until the lease is closed or its holder
 * ends. The image stays readable under {@link #descriptor()} whatever happens to its name.
 *
 * <p>Thread-safe.
 */
public final class Lease implements AutoCloseable {
  /** A second in all. */
  private static final int MAX_TRIES = 100;

  private static final long PAUSE_NANOS = 10_000_000;

  private final Path image;
  private final FileLock lock;

  private Lease(Path image, FileLock lock) {
    this.image = image;
    this.lock = lock;
  }

  /**
   * Takes a lease of any image, in the cache or elsewhere; symbolic links are followed.
   *
   * @throws StoreException if the image is not there, can't be opened or is being removed
   */
  public static Lease of(Posix posix, Path image) throws StoreException {
    try {
      Path file = image.toAbsolutePath();
      FileLock lock = FileLock.open(posix, file, 0);
      if (share(lock) && isStill(posix, lock, file)) {
        return new Lease(file, lock);
      }
      lock.close();
      throw new StoreException(image + ": it is being removed just now; try again");
    } catch (ErrnoException e) {
      throw new StoreException(image + ": cannot open the image: " + e.getMessage(), e);
    }
  }

  // Who only looks whether the image is in use, or finds that it can't be removed, soon lets go.
  private static boolean share(FileLock lock) throws ErrnoException {
    boolean shared = lock.tryLock(FileCalls.LOCK_SH);
    for (int i = 0; i < MAX_TRIES && !shared; i++) {
      LockSupport.parkNanos(PAUSE_NANOS);
      shared = lock.tryLock(FileCalls.LOCK_SH);
    }
    return shared;
  }

  /** The image's absolute name when the lease was taken. */
  public Path image() {
    return image;
  }

  /** An open descriptor of the image, for reading; this lease closes it. */
  public int descriptor() {
    return lock.descriptor();
  }

  /** Gives the lease up; doing so again does nothing. */
  @Override
  public void close() {
    lock.close();
  }

  /** Whether the name still is the file that was opened. */
  static boolean isStill(Posix posix, FileLock lock, Path file) throws ErrnoException {
    Stat held = new Stat();
    posix.files().stat(lock.descriptor(), held);
    try (FileLock now = FileLock.open(posix, file, 0)) {
      Stat named = new Stat();
      posix.files().stat(now.descriptor(), named);
      return sameFile(held, named);
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ENOENT) {
        return false;
      }
      throw e;
    }
  }

  private static boolean sameFile(Stat a, Stat b) {
    return a.inode == b.inode
        && a.fileSystemMajor == b.fileSystemMajor
        && a.fileSystemMinor == b.fileSystemMinor;
  }

  /**
   * Runs {@code removal} if nobody holds a lease of {@code image}, keeping new ones away meanwhile.
   *
   * @return false if it is in use
   */
  static boolean unlessInUse(Posix posix, Path image, Removal removal)
      throws ErrnoException, IOException, StoreException {
    try (FileLock lock = FileLock.open(posix, image, NameCalls.O_NOFOLLOW)) {
      if (!lock.tryLock(FileCalls.LOCK_EX)) {
        return false;
      }
      removal.run();
      return true;
    }
  }

  /** Removes a file. */
  interface Removal {
    void run() throws IOException, StoreException;
  }
}
