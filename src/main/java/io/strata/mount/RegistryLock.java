package io.strata.mount;

import io.strata.mount.MountException.Kind;
import io.strata.posix.ErrnoException;
import io.strata.posix.FileCalls;
import io.strata.posix.NameCalls;
import io.strata.posix.Posix;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps two servers of a user from mounting at the same time, and from doing so while somebody
 * clears up behind a dead one: a flock in the registry.
 */
final class RegistryLock implements AutoCloseable {
  private final FileCalls files;
  private final int descriptor;

  private RegistryLock(FileCalls files, int descriptor) {
    this.files = files;
    this.descriptor = descriptor;
  }

  /** Waits for the lock. */
  static RegistryLock take(Posix posix, Registry registry) throws MountException {
    RegistryLock lock = open(posix, registry);
    try {
      posix.files().flock(lock.descriptor, FileCalls.LOCK_EX);
      return lock;
    } catch (ErrnoException e) {
      lock.close();
      throw failure(registry, e);
    }
  }

  /**
   * Takes the lock if that can be done within a while.
   *
   * @return null where somebody else keeps it, or where it can't be had at all
   */
  static @Nullable RegistryLock takeWithin(Duration patience, Posix posix, Registry registry)
      throws InterruptedException {
    if (!Files.isDirectory(registry.directory())) {
      return null;
    }
    RegistryLock lock;
    try {
      lock = open(posix, registry);
    } catch (MountException e) {
      return null;
    }
    return lock.isFree() || lock.comesFree(patience) ? lock : null;
  }

  private boolean isFree() {
    try {
      files.flock(descriptor, FileCalls.LOCK_EX | FileCalls.LOCK_NB);
      return true;
    } catch (ErrnoException e) {
      return false;
    }
  }

  // Nothing but another thread can wait for a lock and give up. If it comes too late, it is let go.
  private boolean comesFree(Duration patience) throws InterruptedException {
    CompletableFuture<Boolean> taken = new CompletableFuture<>();
    Thread waiter = new Thread(() -> await(taken), "registry-lock");
    waiter.setDaemon(true);
    waiter.start();
    try {
      return taken.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      return cameAtLast(taken);
    } catch (InterruptedException e) {
      if (cameAtLast(taken)) {
        close();
      }
      throw e;
    }
  }

  private static boolean cameAtLast(CompletableFuture<Boolean> taken) {
    return !taken.complete(false) && taken.getNow(false);
  }

  private void await(CompletableFuture<Boolean> taken) {
    boolean mine;
    try {
      files.flock(descriptor, FileCalls.LOCK_EX);
      mine = taken.complete(true);
    } catch (ErrnoException e) {
      taken.complete(false);
      mine = false;
    }
    if (!mine) {
      close();
    }
  }

  private static RegistryLock open(Posix posix, Registry registry) throws MountException {
    Path file = Directories.makePrivate(registry.directory()).resolve("lock");
    try {
      byte[] name = file.toString().getBytes(MountTable.fileNameCharset());
      int flags = NameCalls.O_RDONLY | NameCalls.O_CREAT | NameCalls.O_NOFOLLOW;
      int descriptor = posix.names().open(NameCalls.AT_FDCWD, name, flags, 0600);
      return new RegistryLock(posix.files(), descriptor);
    } catch (ErrnoException e) {
      throw failure(registry, e);
    }
  }

  private static MountException failure(Registry registry, ErrnoException e) {
    Path file = registry.directory().resolve("lock");
    return new MountException(Kind.FILE, file + ": cannot lock the registry: " + e.getMessage(), e);
  }

  @Override
  public void close() {
    files.close(descriptor);
  }
}
