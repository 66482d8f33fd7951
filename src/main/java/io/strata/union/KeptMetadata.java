package io.strata.union;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.strata.fuse.Attributes;
import io.strata.posix.ErrnoException;
import io.strata.posix.Stat;
import java.util.Arrays;
import java.util.HexFormat;
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
    restoreMode(place);
    if (capability != null) {
      place.setXattr(CAPABILITY, capability, 0);
    }
    place.setTimes(stat.accessSeconds, stat.accessNanos, stat.modifySeconds, stat.modifyNanos);
  }

  /** Of a file that was cut short only the mode stays what it was. */
  void restoreMode(Place place) throws ErrnoException {
    Stat now = new Stat();
    place.stat(now);
    if (now.mode != stat.mode) {
      place.chmod(stat.mode & 07777);
    }
  }

  /**
   * The value of the mark that a file bears while its data is filled in: size, mode, times (seconds
   * and nanoseconds) and the capability in hexadecimal, with spaces between.
   */
  byte[] encode() {
    return "%d %d %d %d %d %d %s"
        .formatted(
            stat.size,
            stat.mode,
            stat.accessSeconds,
            stat.accessNanos,
            stat.modifySeconds,
            stat.modifyNanos,
            capability == null ? "" : HexFormat.of().formatHex(capability))
        .getBytes(US_ASCII);
  }

  /** Reads a mark; null for one that is none. */
  static @Nullable KeptMetadata decode(byte[] value) {
    String[] fields = new String(value, US_ASCII).split(" ", -1);
    if (fields.length != 7) {
      return null;
    }
    try {
      Stat stat = new Stat();
      stat.size = Long.parseLong(fields[0]);
      stat.mode = Integer.parseInt(fields[1]);
      stat.accessSeconds = Long.parseLong(fields[2]);
      stat.accessNanos = Integer.parseInt(fields[3]);
      stat.modifySeconds = Long.parseLong(fields[4]);
      stat.modifyNanos = Integer.parseInt(fields[5]);
      byte[] capability = HexFormat.of().parseHex(fields[6]);
      return new KeptMetadata(stat, capability.length == 0 ? null : capability);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
