package io.strata.mount;

import io.strata.fuse.FuseMountException;
import io.strata.fuse.Session;
import io.strata.mount.MountException.Kind;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.NameCalls;
import io.strata.posix.Posix;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A mount whose server wants it unmounted, or has to end: who is in its way, and what becomes of
 * them.
 */
record LeavingMount(Posix posix, Processes processes, Path mountPoint, Log log) {
  /** How long the users of a mount that was taken out of the tree have until they see errors. */
  private static final Duration LEAVE = Duration.ofSeconds(5);

  /** Unmounts; lazily where somebody uses the mount, who then sees ENOTCONN after a while. */
  void unmountAnyhow(Session session) {
    try {
      try {
        session.unmount();
      } catch (FuseMountException e) {
        log.line(e.getMessage() + "; taken out of the tree: " + Holder.describe(holders()));
        writeOut();
        session.unmountLazily();
        if (!session.awaitEnd(LEAVE)) {
          log.line("ended under its users: " + mountPoint);
        }
      }
    } catch (FuseMountException e) {
      log.line(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // Pages that the kernel keeps back would be lost with this process.
  private void writeOut() {
    try {
      byte[] path = mountPoint.toString().getBytes(MountTable.fileNameCharset());
      int flags = NameCalls.O_RDONLY | NameCalls.O_DIRECTORY;
      int root = posix.names().open(NameCalls.AT_FDCWD, path, flags, 0);
      try {
        posix.files().syncfs(root);
      } finally {
        posix.files().close(root);
      }
    } catch (ErrnoException e) {
      log.line(mountPoint + ": cannot be written out: " + e.getMessage());
    }
  }

  private List<Holder> holders() {
    try {
      return new HolderScan(processes).holders(mountPoint.toString(), MountTable.read());
    } catch (IOException e) {
      return List.of();
    }
  }

  /** What to tell the user of a mount or an unmount that failed. */
  MountException failure(FuseMountException e) {
    if (e.errno() == Errno.EBUSY) {
      String message = mountPoint + ": in use by " + Holder.describe(holders());
      return new MountException(Kind.BUSY, message + "; it stays as it is", e);
    }
    return new MountException(Kind.MOUNT, String.valueOf(e.getMessage()), e);
  }
}
