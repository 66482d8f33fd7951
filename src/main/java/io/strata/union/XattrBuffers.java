package io.strata.union;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How extended attributes go into a reply: whole if they fit, and with their length always. */
final class XattrBuffers {
  private static final byte[] TRUSTED = OverlayXattrs.bytes("trusted.");

  private XattrBuffers() {}

  /** Puts a value; ENODATA for null. Gives its length. */
  static int putValue(byte @Nullable [] value, ByteBuffer target) throws ErrnoException {
    if (value == null) {
      throw ErrnoException.of(Errno.ENODATA);
    }
    if (value.length <= target.remaining()) {
      target.put(value);
    }
    return value.length;
  }

  /**
   * Puts names, each with its NUL. Gives their length.
   *
   * @param privileged whether the caller sees trusted.*
   */
  static int putNames(List<byte[]> names, boolean privileged, ByteBuffer target) {
    int length = 0;
    for (byte[] name : names) {
      length += isShown(name, privileged) ? name.length + 1 : 0;
    }
    if (length <= target.remaining()) {
      for (byte[] name : names) {
        if (isShown(name, privileged)) {
          target.put(name).put((byte) 0);
        }
      }
    }
    return length;
  }

  private static boolean isShown(byte[] name, boolean privileged) {
    return privileged || !OverlayXattrs.startsWith(name, TRUSTED);
  }
}
