package io.strata.union;

import io.strata.fuse.Attributes;
import io.strata.posix.ErrnoException;
import io.strata.posix.Stat;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What an upper file is shown to be while its data is filled in, which changes its times, its mode
 * where the server is no root, and takes its capabilities away.
 *
 * @param stat before the first byte was written
 * @param capability the value of security.capability, or null
 */
record KeptMetadata(Stat stat, byte @Nullable [] capability) {
  static final byte[] CAPABILITY = OverlayXattrs.bytes("security.capability");

  static KeptMetadata of(Place place) throws ErrnoException {
    Stat stat = new Stat();
    place.stat(stat);
    return new KeptMetadata(stat, place.xattr(CAPABILITY));
  }

  static boolean isCapability(byte[] name) {
    return Arrays.equals(name, CAPABILITY);
  }

  /** Puts what was kept into a file's attributes. */
  void show(Attributes attributes) {
    attributes.mode = stat.mode;
    attributes.size = stat.size;
    attributes.accessSeconds = stat.accessSeconds;
    attributes.accessNanos = stat.accessNanos;
    attributes.modifySeconds = stat.modifySeconds;
    attributes.modifyNanos = stat.modifyNanos;
    attributes.changeSeconds = stat.changeSeconds;
    attributes.changeNanos = stat.changeNanos;
  }

  /** Gives it back to the file. */
  void restore(Place place) throws ErrnoException {
    Stat now = new Stat();
    place.stat(now);
    if (now.mode != stat.mode) {
      place.chmod(stat.mode & 07777);
    }
    if (capability != null) {
      place.setXattr(CAPABILITY, capability, 0);
    }
    place.setTimes(stat.accessSeconds, stat.accessNanos, stat.modifySeconds, stat.modifyNanos);
  }
}
