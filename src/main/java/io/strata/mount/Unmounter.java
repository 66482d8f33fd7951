package io.strata.mount;

import io.strata.mount.MountException.Kind;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.MountCalls;
import io.strata.posix.NameCalls;
import io.strata.posix.NativeBuffer;
import io.strata.posix.Posix;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/**
 * Unmounts what Strata serves, or did: returns when the mount and its server are gone. Thread-safe.
 */
public final class Unmounter {
  /** How long a server may take to end once its mount is gone. */
  private static final Duration SERVER_END = Duration.ofSeconds(30);

  /** How long a server may take to answer at all, or to start where a dead one is cleared up. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** How often a busy mount is tried again while waiting for its users to leave. */
  private static final int RETRY_MILLIS = 50;

  private static final short POLLPRI = 2;

  private final Posix posix;
  private final Registry registry;

  public Unmounter(Posix posix, Registry registry) {
    this.posix = posix;
    this.registry = registry;
  }

  /**
   * Unmounts. A dead server's mount is cleaned up.
   *
   * @param named the mount point, in any spelling
   * @param wait how long a busy mount's users may take to leave
   * @param lazily take it out of the tree at once, busy or not; its server ends with its last user
   * @throws MountException of kind BUSY, naming the holders, while it is in use
   */
  public void unmount(Path named, Duration wait, boolean lazily)
      throws MountException, InterruptedException {
    MountPoint mount = find(named);
    Optional<RegistryEntry> entry = entryOf(mount);
    if (entry.isEmpty() || !registry.alive(entry.get())) {
      detach(mount, wait, () -> tryDetachDead(mount, lazily));
    } else if (lazily) {
      detach(mount, wait, () -> tryDetach(mount, true));
    } else {
      detachAndAwait(mount, entry.get(), wait);
    }
    registry.sweep(table());
  }

  private MountPoint find(Path named) throws MountException {
    Optional<MountPoint> mount = table().find(named);
    if (mount.isEmpty()) {
      throw new MountException(
          Kind.MOUNT, named + ": nothing is mounted there; 'strata status' lists the mounts");
    }
    if (!mount.get().isStrata()) {
      throw new MountException(
          Kind.MOUNT,
          "%s: mounted there is a %s, which is none of Strata's; use umount(8)"
              .formatted(named, mount.get().type()));
    }
    return mount.get();
  }

  private Optional<RegistryEntry> entryOf(MountPoint mount) throws MountException {
    RegistryEntry found = null;
    for (RegistryEntry entry : registry.entries()) {
      boolean here = entry.plan().mountPoint().toString().equals(mount.path());
      if (here && (found == null || registry.alive(entry))) {
        found = entry;
      }
    }
    return Optional.ofNullable(found);
  }

  private void detachAndAwait(MountPoint mount, RegistryEntry entry, Duration wait)
      throws MountException, InterruptedException {
    try (ControlClient.Stay server = new ControlClient(entry).stay(PATIENCE)) {
      detach(mount, wait, () -> tryDetach(mount, false));
      if (!server.awaitEnd(SERVER_END)) {
        throw new MountException(
            Kind.MOUNT,
            "%s: unmounted, but its server (pid %d) does not end; see %s"
                .formatted(mount.path(), entry.pid(), entry.plan().log()));
      }
    } catch (IOException e) {
      // It has no ear, so there is only the mount to wait for.
      detach(mount, wait, () -> tryDetach(mount, false));
    } catch (TimeoutException e) {
      throw silent(mount, entry.pid(), e);
    }
  }

  private static MountException silent(MountPoint mount, long pid, TimeoutException e) {
    return new MountException(
        Kind.MOUNT,
        mount.path()
            + ": its server does not answer; 'kill -CONT %d' if it was stopped, else".formatted(pid)
            + " 'kill -KILL %d' and unmount again, or use --lazy".formatted(pid),
        e);
  }

  /** One try to unmount. */
  private interface Try {
    /** False while the mount is busy. */
    boolean succeeds() throws MountException, InterruptedException;
  }

  private void detach(MountPoint mount, Duration wait, Try once)
      throws MountException, InterruptedException {
    long until = System.nanoTime() + wait.toNanos();
    while (!once.succeeds()) {
      if (System.nanoTime() - until >= 0) {
        HolderScan scan = new HolderScan(registry.processes());
        throw new MountException(
            Kind.BUSY,
            "%s: in use by %s; end that, or use --wait or --lazy"
                .formatted(mount.path(), Holder.describe(scan.holders(mount.path(), table()))));
      }
      awaitChange();
    }
  }

  // Nothing tells when the last user of a mount leaves, only when the table changes.
  private void awaitChange() throws MountException {
    try {
      byte[] name = MountTable.FILE.toString().getBytes(StandardCharsets.US_ASCII);
      int table = posix.names().open(NameCalls.AT_FDCWD, name, NameCalls.O_RDONLY, 0);
      try {
        NativeBuffer poll = NativeBuffer.allocate(8); // struct pollfd: fd, events, revents
        poll.bytes().putInt(0, table).putShort(4, POLLPRI);
        posix.files().poll(poll.address(), 1, RETRY_MILLIS);
      } finally {
        posix.files().close(table);
      }
    } catch (ErrnoException e) {
      if (e.errno() != Errno.EINTR) {
        throw new MountException(Kind.MOUNT, MountTable.FILE + ": " + e.getMessage(), e);
      }
    }
  }

  // Somebody else may have cleared up meanwhile, and a new server mounted there: not to be touched.
  private boolean tryDetachDead(MountPoint mount, boolean lazily)
      throws MountException, InterruptedException {
    try (RegistryLock _ = RegistryLock.takeWithin(PATIENCE, posix, registry)) {
      return !isStillDead(mount) || tryDetach(mount, lazily);
    }
  }

  // The kernel uses a mount's number again, so that alone does not tell.
  private boolean isStillDead(MountPoint mount) throws MountException {
    Optional<MountPoint> now = table().at(mount.path());
    return now.filter(MountPoint::isStrata).filter(each -> each.id() == mount.id()).isPresent()
        && entryOf(mount).filter(registry::alive).isEmpty();
  }

  // False while it is busy.
  private boolean tryDetach(MountPoint mount, boolean lazily)
      throws MountException, InterruptedException {
    byte[] path = mount.path().getBytes(MountTable.fileNameCharset());
    int flags = MountCalls.UMOUNT_NOFOLLOW | (lazily ? MountCalls.MNT_DETACH : 0);
    try {
      posix.mounts().unmount(path, flags);
      return true;
    } catch (ErrnoException e) {
      return switch (e.errno()) {
        case Errno.EBUSY -> false;
        case Errno.EPERM -> tryFusermount(mount, lazily);
        case Errno.EINVAL -> true; // another was quicker
        default ->
            throw new MountException(
                Kind.MOUNT, mount.path() + ": cannot be unmounted: " + e.getMessage(), e);
      };
    }
  }

  private static boolean tryFusermount(MountPoint mount, boolean lazily)
      throws MountException, InterruptedException {
    List<String> command = List.of("fusermount3", lazily ? "-uz" : "-u", "--", mount.path());
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().put("LC_ALL", "C");
      Process process = builder.start();
      process.getOutputStream().close();
      String words =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (process.waitFor() == 0) {
        return true;
      }
      if (words.contains("busy")) {
        return false;
      }
      throw new MountException(
          Kind.MOUNT, mount.path() + ": cannot be unmounted: " + words.replace('\n', ' '));
    } catch (IOException e) {
      throw new MountException(
          Kind.MOUNT,
          mount.path()
              + ": users unmount by fusermount3, which is not installed; install the package fuse3",
          e);
    }
  }

  private static MountTable table() throws MountException {
    try {
      return MountTable.read();
    } catch (IOException e) {
      throw new MountException(
          Kind.MOUNT, MountTable.FILE + ": cannot be read: " + e.getMessage(), e);
    }
  }
}
