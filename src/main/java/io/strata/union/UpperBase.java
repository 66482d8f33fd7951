package io.strata.union;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.Posix;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The record of what an upper lies on: an attribute of its root directory, {@code
 * trusted.overlay.strata.base} or {@code user.overlay.strata.base}. It moves and is copied with the
 * upper; kernel overlayfs and fuse-overlayfs leave it alone, and show it as little as we do.
 *
 * <p>Called while the upper is locked for this mount.
 */
record UpperBase(Posix posix, int root, Path upper) {
  private static final byte[] TRUSTED = OverlayXattrs.bytes("trusted.overlay.strata.base");
  private static final byte[] USER = OverlayXattrs.bytes("user.overlay.strata.base");

  /** What was recorded last, or null. */
  byte @Nullable [] read() throws UnionException {
    Place place = Place.self(posix, root);
    try {
      byte[] value = place.xattr(TRUSTED);
      return value != null ? value : place.xattr(USER);
    } catch (ErrnoException e) {
      throw failure("read", e);
    }
  }

  /** Records, durably, unless that is what was {@code recorded} already. */
  void write(byte[] value, byte @Nullable [] recorded, boolean privileged) throws UnionException {
    if (value.length == 0 || Arrays.equals(value, recorded)) {
      return;
    }
    Place place = Place.self(posix, root);
    try {
      place.setXattr(privileged ? TRUSTED : USER, value, 0);
      if (privileged) {
        forget(place, USER);
      }
      posix.files().fsync(root);
    } catch (ErrnoException e) {
      throw failure("record", e);
    }
  }

  private static void forget(Place place, byte[] attribute) throws ErrnoException {
    try {
      place.removeXattr(attribute);
    } catch (ErrnoException e) {
      if (e.errno() != Errno.ENODATA && e.errno() != Errno.EOPNOTSUPP) {
        throw e;
      }
    }
  }

  private UnionException failure(String what, ErrnoException e) {
    String reason = e.getMessage() + (e.errno() == Errno.ENOSPC ? "; make room there" : "");
    return new UnionException(upper + ": can't " + what + " what it lies on: " + reason);
  }
}
