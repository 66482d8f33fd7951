package io.strata.union;

import io.strata.posix.ErrnoException;
import io.strata.posix.Stat;
import java.util.Arrays;

/** Recognises what hides a lower name, in each form that overlayfs knows. */
final class Whiteouts {
  private Whiteouts() {}

  /** A character device 0:0, or an empty regular file that bears overlay.whiteout (Linux 6.7). */
  static boolean is(Place place, Stat stat) throws ErrnoException {
    if (isDevice(stat)) {
      return true;
    }
    return stat.isRegular()
        && stat.size == 0
        && (place.xattr(OverlayXattrs.PRIVILEGED.whiteout()) != null
            || place.xattr(OverlayXattrs.UNPRIVILEGED.whiteout()) != null);
  }

  static boolean isDevice(Stat stat) {
    return stat.type() == Stat.S_IFCHR && stat.deviceMajor == 0 && stat.deviceMinor == 0;
  }

  /** Whether a directory bears overlay.opaque "y". */
  static boolean isOpaque(Place directory) throws ErrnoException {
    return isYes(directory.xattr(OverlayXattrs.PRIVILEGED.opaque()))
        || isYes(directory.xattr(OverlayXattrs.UNPRIVILEGED.opaque()));
  }

  private static boolean isYes(byte @org.jspecify.annotations.Nullable [] value) {
    return value != null && Arrays.equals(value, OverlayXattrs.YES);
  }
}
