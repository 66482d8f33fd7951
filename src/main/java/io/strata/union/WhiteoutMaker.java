package io.strata.union;

import static io.strata.posix.NameCalls.RENAME_EXCHANGE;
import static io.strata.posix.NameCalls.RENAME_WHITEOUT;

import io.strata.posix.ErrnoException;
import io.strata.posix.NameCalls;
import io.strata.posix.Posix;
import io.strata.posix.Stat;
import java.nio.charset.StandardCharsets;

/**
 * Hides lower names, in the form that the upper has. A directory with whiteouts that are files
 * bears overlay.opaque "x".
 *
 * <p>Source: "whiteouts and opaque directories" of Documentation/filesystems/overlayfs.rst.
 */
final class WhiteoutMaker {
  private static final byte[] HAS_FILES = "x".getBytes(StandardCharsets.US_ASCII);

  private final Posix posix;
  private final WorkDirectory work;
  private final UpperForm form;

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
    if (form.deviceWhiteouts()) {
      posix.names().mknod(place.descriptor(), place.name(), Stat.S_IFCHR, 0);
    } else {
      replace(place);
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
