package io.strata.union;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.NativeBuffer;
import io.strata.posix.Posix;
import io.strata.posix.Stat;
import io.strata.posix.XattrCalls;
import org.jspecify.annotations.Nullable;

/** Reads and sets the extended attributes of what is at a {@link Place}. */
final class PlaceXattrs {
  private static final ThreadLocal<NativeBuffer> VALUE =
      ThreadLocal.withInitial(() -> NativeBuffer.allocate(XattrCalls.XATTR_SIZE_MAX));

  private static final byte[] NONE = new byte[0];

  private PlaceXattrs() {}

  /** The attribute's value, or null where there is none or the file can have none. */
  static byte @Nullable [] value(Place place, byte[] attribute) throws ErrnoException {
    NativeBuffer buffer = VALUE.get();
    try {
      return copy(buffer, get(place, attribute, buffer));
    } catch (ErrnoException e) {
      // The kernel has asked for the right to read before; who is no root lacks it for own marks.
      if (e.errno() == Errno.ENODATA
          || e.errno() == Errno.EOPNOTSUPP
          || e.errno() == Errno.EACCES) {
        return null;
      }
      throw e;
    }
  }

  private static int get(Place place, byte[] attribute, NativeBuffer value) throws ErrnoException {
    Posix posix = place.posix();
    long address = value.address();
    int size = value.capacity();
    return place.isSelf()
        ? posix.xattrs().get(place.path(), true, attribute, address, size)
        : posix.namedXattrs().get(place.descriptor(), place.name(), attribute, address, size);
  }

  /** The names of all attributes, each with its NUL; none where there can be none. */
  static byte[] names(Place place) throws ErrnoException {
    NativeBuffer buffer = VALUE.get();
    try {
      return copy(buffer, list(place, buffer.address(), buffer.capacity()));
    } catch (ErrnoException e) {
      if (e.errno() == Errno.EOPNOTSUPP) {
        return NONE;
      }
      throw e;
    }
  }

  private static int list(Place place, long address, int size) throws ErrnoException {
    Posix posix = place.posix();
    return place.isSelf()
        ? posix.xattrs().list(place.path(), true, address, size)
        : posix.namedXattrs().list(place.descriptor(), place.name(), address, size);
  }

  /** Sets an attribute, also of a file that its owner, who is no root, may not write. */
  static void set(Place place, byte[] attribute, byte[] value, int flags) throws ErrnoException {
    NativeBuffer buffer = VALUE.get();
    if (value.length > buffer.capacity()) {
      throw ErrnoException.of(Errno.E2BIG);
    }
    buffer.bytes().put(0, value);
    try {
      set(place, attribute, buffer.address(), value.length, flags);
    } catch (ErrnoException e) {
      if (e.errno() != Errno.EACCES || !place.overrides()) {
        throw e;
      }
      setOnReadOnly(place, attribute, buffer, value.length, flags);
    }
  }

  private static void set(Place place, byte[] attribute, long address, int size, int flags)
      throws ErrnoException {
    Posix posix = place.posix();
    if (place.isSelf()) {
      posix.xattrs().set(place.path(), true, attribute, address, size, flags);
    } else {
      posix.namedXattrs().set(place.descriptor(), place.name(), attribute, address, size, flags);
    }
  }

  /** A mark on a file that its owner, who is no root, has forbidden himself to write. */
  private static void setOnReadOnly(
      Place place, byte[] attribute, NativeBuffer value, int length, int flags)
      throws ErrnoException {
    Stat stat = new Stat();
    place.realStat(stat);
    place.realChmod(stat.mode & 07777 | 0200);
    try {
      set(place, attribute, value.address(), length, flags);
    } finally {
      place.realChmod(stat.mode & 07777);
    }
  }

  /** Removes an attribute. */
  static void remove(Place place, byte[] attribute) throws ErrnoException {
    Posix posix = place.posix();
    if (place.isSelf()) {
      posix.xattrs().remove(place.path(), true, attribute);
    } else {
      posix.namedXattrs().remove(place.descriptor(), place.name(), attribute);
    }
  }

  private static byte[] copy(NativeBuffer buffer, int length) {
    byte[] value = new byte[length];
    buffer.bytes().get(0, value);
    return value;
  }
}
