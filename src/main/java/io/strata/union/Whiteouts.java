package io.strata.union;

import io.strata.posix.ErrnoException;
import io.strata.posix.Stat;
import java.util.Arrays;

/** Recognises what hides a lower name, in each form that overlayfs knows. */
final class Whiteouts {
  private static final byte[] OPAQUE_FILE = OverlayXattrs.bytes(".wh..wh..opq");

  private Whiteouts() {}

  /**
   * Whether a name is that of the empty file which fuse-overlayfs puts into opaque directories, and
   * which it never shows.
   */
  static boolean isOpaqueFile(byte[] name) {
    return name.length == OPAQUE_FILE.length && Arrays.equals(name, OPAQUE_FILE);
  }

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

  /**
   * Stands in a layer for a device 0:0 that is to be seen, which would be a whiteout itself: the
   * last of all device numbers, which no driver has.
   */
  static final long STAND_IN = Stat.makeDevice(0xfff, 0xfffff);

  /** The device number that users see of what a layer has. */
  static long shown(long device) {
    return device == STAND_IN ? 0 : device;
  }

  /** The device number that a layer has for what users see. */
  static long stored(int mode, long device) {
    return device == 0 && (mode & Stat.S_IFMT) == Stat.S_IFCHR ? STAND_IN : device;
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
