package io.strata.union;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.NameCalls;
import io.strata.posix.Posix;
import io.strata.posix.Stat;
import java.nio.file.Path;

/**
 * Tries whether the file system of the upper can do what its format needs. One that is full is
 * taken at its word: it has to be mounted for room to be made.
 */
final class UpperProbe {
  private static final int NOBODYS_ID = 0x7ffffff0;

  private final Posix posix;
  private final WorkDirectory work;
  private final Place root;
  private final Path upper;

  /** For the upper that is open as {@code root}. */
  UpperProbe(Posix posix, WorkDirectory work, int root, Path upper) {
    this.posix = posix;
    this.work = work;
    this.root = Place.self(posix, root);
    this.upper = upper;
  }

  /**
   * The form to write the upper in.
   *
   * @param userXattrs whether the marks are to be user.overlay.* whatever may be set
   */
  UpperForm probe(boolean userXattrs) throws UnionException {
    OverlayXattrs xattrs = probeXattrs(userXattrs);
    boolean devices = mayMakeWhiteouts();
    attempt("renames with RENAME_WHITEOUT and RENAME_EXCHANGE", () -> renames(devices));
    return new UpperForm(xattrs, devices, probeOverrides());
  }

  private boolean mayMakeWhiteouts() throws UnionException {
    byte[] name = work.newName();
    try {
      posix.names().mknod(work.descriptor(), name, Stat.S_IFCHR, 0);
      return true;
    } catch (ErrnoException e) {
      if (e.errno() == Errno.EPERM || e.errno() == Errno.EACCES || e.errno() == Errno.EINVAL) {
        return false;
      }
      if (isFull(e)) {
        return true; // who may not gets EPERM first
      }
      throw failed("whiteouts (character devices 0:0)", e);
    } finally {
      work.discard(name);
    }
  }

  /** Where owners can't be given, or were not when the upper was written: its root says so. */
  private boolean probeOverrides() throws UnionException {
    try {
      if (root.xattr(OverrideStat.NAME) != null) {
        return true;
      }
      if (mayGiveOwners()) {
        return false;
      }
      Stat stat = new Stat();
      root.stat(stat);
      root.setXattr(OverrideStat.NAME, OverrideStat.of(stat).format(), 0);
      return true;
    } catch (ErrnoException e) {
      if (e.errno() == Errno.EOPNOTSUPP || isFull(e)) {
        return false; // no user.* attributes here, or no room for the root's
      }
      throw failed("owners", e);
    }
  }

  private boolean mayGiveOwners() throws ErrnoException {
    byte[] name = work.newName();
    try {
      posix.names().mknod(work.descriptor(), name, Stat.S_IFREG | 0600, 0);
      work.place(name).chown(NOBODYS_ID, NOBODYS_ID);
      return true;
    } catch (ErrnoException e) {
      if (e.errno() == Errno.EPERM || e.errno() == Errno.EINVAL || e.errno() == Errno.EOVERFLOW) {
        return false;
      }
      if (isFull(e)) {
        return posix.processes().effectiveUser() == 0;
      }
      throw e;
    } finally {
      work.discard(name);
    }
  }

  private OverlayXattrs probeXattrs(boolean userXattrs) throws UnionException {
    byte[] name = work.newName();
    try {
      attempt("directories", () -> posix.names().mkdir(work.descriptor(), name, 0700));
      if (!userXattrs && mayMarkPrivileged(name)) {
        return OverlayXattrs.PRIVILEGED;
      }
      attempt(
          "extended attributes (trusted.* as root, user.* else)",
          () -> mark(name, OverlayXattrs.UNPRIVILEGED));
      return OverlayXattrs.UNPRIVILEGED;
    } finally {
      work.discard(name);
    }
  }

  private boolean mayMarkPrivileged(byte[] name) throws UnionException {
    try {
      mark(name, OverlayXattrs.PRIVILEGED);
      return true;
    } catch (ErrnoException e) {
      if (isFull(e)) {
        return true; // who may not gets EPERM first
      }
      if (e.errno() != Errno.EPERM && e.errno() != Errno.EOPNOTSUPP) {
        throw failed("extended attributes", e);
      }
      return false;
    }
  }

  /** Marks what was made, or where nothing can be made, the work directory itself for a moment. */
  private void mark(byte[] name, OverlayXattrs xattrs) throws ErrnoException {
    Place made = work.place(name);
    if (Tree.statOrNull(made) != null) {
      made.setXattr(xattrs.opaque(), OverlayXattrs.YES, 0);
      return;
    }
    Place self = Place.self(posix, work.descriptor());
    self.setXattr(xattrs.opaque(), OverlayXattrs.YES, 0);
    self.removeXattr(xattrs.opaque());
  }

  private static boolean isFull(ErrnoException e) {
    return e.errno() == Errno.ENOSPC || e.errno() == Errno.EDQUOT;
  }

  private void renames(boolean devices) throws ErrnoException {
    byte[] first = work.newName();
    byte[] second = work.newName();
    int directory = work.descriptor();
    NameCalls names = posix.names();
    try {
      names.mknod(directory, first, Stat.S_IFREG | 0600, 0);
      if (devices) {
        names.rename(directory, first, directory, second, NameCalls.RENAME_WHITEOUT);
      } else {
        names.mknod(directory, second, Stat.S_IFREG | 0600, 0);
      }
      names.rename(directory, first, directory, second, NameCalls.RENAME_EXCHANGE);
    } finally {
      work.discard(first);
      work.discard(second);
    }
  }

  /** Something that may not be possible here. */
  private interface Attempt {
    void run() throws ErrnoException;
  }

  private void attempt(String what, Attempt attempt) throws UnionException {
    try {
      attempt.run();
    } catch (ErrnoException e) {
      if (!isFull(e)) {
        throw failed(what, e);
      }
    }
  }

  private UnionException failed(String what, ErrnoException e) {
    return new UnionException(
        "the file system of the upper "
            + upper
            + " can't do "
            + what
            + ", which a writable mount needs: "
            + e.getMessage()
            + "; put the upper on a local file system such as ext4, xfs or tmpfs");
  }
}
