package io.strata.union;

import static io.strata.posix.NameCalls.RENAME_EXCHANGE;
import static io.strata.posix.NameCalls.RENAME_WHITEOUT;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.NameCalls;
import io.strata.posix.Posix;
import io.strata.posix.Stat;
import java.nio.charset.StandardCharsets;

/**
 * Hides lower names, in the form that the upper has. A directory with whiteouts that are files
 * bears overlay.opaque "x". Called under the exclusive name lock.
 *
 * <p>Source: "whiteouts and opaque directories" of Documentation/filesystems/overlayfs.rst.
 */
final class WhiteoutMaker implements AutoCloseable {
  private static final byte[] HAS_FILES = "x".getBytes(StandardCharsets.US_ASCII);

  private final Posix posix;
  private final WorkDirectory work;
  private final UpperForm form;

  /** An O_PATH descriptor of a whiteout that others can be hard links to, or -1. */
  private int shared = -1;

  /** Whether they can: thousands of whiteouts take one inode then. */
  private boolean isShared = true;

  WhiteoutMaker(Posix posix, WorkDirectory work, UpperForm form) {
    this.posix = posix;
    this.work = work;
    this.form = form;
  }

  /** Makes one in the work directory, for the directory of {@code place}; gives its name. */
  byte[] make(Place place) throws ErrnoException {
    byte[] name = work.newName();
    if (form.deviceWhiteouts()) {
      posix.names().mknod(work.descriptor(), name, Stat.S_IFCHR, 0);
      return name;
    }
    expectAt(place);
    posix.names().mknod(work.descriptor(), name, Stat.S_IFREG | 0600, 0);
    try {
      work.place(name).setXattr(form.xattrs().whiteout(), OverlayXattrs.YES, 0);
    } catch (ErrnoException e) {
      work.discard(name);
      throw e;
    }
    return name;
  }

  /** Sees to it that whoever lists the directory of {@code place} looks for whiteouts in it. */
  void expectAt(Place place) throws ErrnoException {
    Place directory = Place.self(posix, place.descriptor()).overriding(form.overrides());
    if (!form.deviceWhiteouts() && directory.xattr(form.xattrs().opaque()) == null) {
      directory.setXattr(form.xattrs().opaque(), HAS_FILES, 0);
    }
  }

  /** Hides a name that is not in the upper. */
  void hide(Place place) throws ErrnoException {
    if (!form.deviceWhiteouts()) {
      replace(place);
    } else if (!link(place)) {
      posix.names().mknod(place.descriptor(), place.name(), Stat.S_IFCHR, 0);
      share(place);
    }
  }

  /** One more name for the whiteout that others share; false where that can't be. */
  private boolean link(Place place) throws ErrnoException {
    if (shared < 0) {
      return false;
    }
    try {
      Place.self(posix, shared).link(place.descriptor(), place.name());
      return true;
    } catch (ErrnoException e) {
      switch (e.errno()) {
        case Errno.ENOENT, Errno.EMLINK -> close(); // all its names went, or it has too many
        case Errno.EPERM, Errno.EACCES, Errno.EXDEV, Errno.EOPNOTSUPP -> {
          close();
          isShared = false; // hard links are not for everybody, nor on every file system
        }
        default -> throw e;
      }
      return false;
    }
  }

  private void share(Place place) {
    if (isShared && shared < 0) {
      try {
        shared = place.open(NameCalls.O_PATH | NameCalls.O_NOFOLLOW);
      } catch (ErrnoException e) {
        isShared = false; // each has an inode of its own then
      }
    }
  }

  @Override
  public void close() {
    if (shared >= 0) {
      posix.files().close(shared);
      shared = -1;
    }
  }

  /** Puts one where something may be that is no directory, in one step. */
  void replace(Place place) throws ErrnoException {
    byte[] name = make(place);
    try {
      posix.names().rename(work.descriptor(), name, place.descriptor(), place.name(), 0);
    } catch (ErrnoException e) {
      work.discard(name);
      throw e;
    }
  }

  /** Moves something and leaves a whiteout where it was. */
  void move(Place from, Place to) throws ErrnoException {
    NameCalls calls = posix.names();
    if (form.deviceWhiteouts()) {
      calls.rename(from.descriptor(), from.name(), to.descriptor(), to.name(), RENAME_WHITEOUT);
      return;
    }
    if (Tree.statOrNull(to) == null) {
      hide(to);
    }
    calls.rename(from.descriptor(), from.name(), to.descriptor(), to.name(), RENAME_EXCHANGE);
    byte[] name = make(from);
    calls.rename(work.descriptor(), name, from.descriptor(), from.name(), RENAME_EXCHANGE);
    work.discard(name); // what was replaced
  }
}
