package io.strata.union;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.NameCalls;
import io.strata.posix.NativeBuffer;
import io.strata.posix.Posix;
import io.strata.posix.Stat;
import io.strata.posix.XattrCalls;
import org.jspecify.annotations.Nullable;

/**
 * Where a file of a backing directory is reached: a name in an open directory, or, with an empty
 * name, what an O_PATH descriptor itself holds. Nothing here follows a symbolic link.
 *
 * <p>Valid while the caller holds the lock under which it was made: the descriptor is borrowed.
 */
record Place(Posix posix, int descriptor, byte[] name) {
  static final byte[] SELF = new byte[0];

  private static final ThreadLocal<NativeBuffer> VALUE =
      ThreadLocal.withInitial(() -> NativeBuffer.allocate(XattrCalls.XATTR_SIZE_MAX));

  /** What {@code descriptor} holds. */
  static Place self(Posix posix, int descriptor) {
    return new Place(posix, descriptor, SELF);
  }

  private boolean isSelf() {
    return name.length == 0;
  }

  private int emptyPath() {
    return isSelf() ? NameCalls.AT_EMPTY_PATH : 0;
  }

  private byte[] path() {
    return isSelf() ? XattrCalls.pathOf(descriptor) : XattrCalls.pathOf(descriptor, name);
  }

  void stat(Stat stat) throws ErrnoException {
    posix.names().stat(descriptor, name, emptyPath(), stat);
  }

  /** Opens with {@code flags} of O_...; the caller closes what it gets. */
  int open(int flags) throws ErrnoException {
    NameCalls names = posix.names();
    return isSelf()
        ? names.open(NameCalls.AT_FDCWD, path(), flags, 0)
        : names.open(descriptor, name, flags | NameCalls.O_NOFOLLOW, 0);
  }

  /** Never for a symbolic link: those have no mode of their own. */
  void chmod(int mode) throws ErrnoException {
    if (isSelf()) {
      posix.names().chmod(NameCalls.AT_FDCWD, path(), mode);
    } else {
      posix.names().chmod(descriptor, name, mode);
    }
  }

  void chown(int uid, int gid) throws ErrnoException {
    posix.names().chown(descriptor, name, uid, gid, emptyPath());
  }

  void setTimes(long accessSeconds, long accessNanos, long modifySeconds, long modifyNanos)
      throws ErrnoException {
    posix
        .names()
        .setTimes(
            descriptor, name, emptyPath(), accessSeconds, accessNanos, modifySeconds, modifyNanos);
  }

  byte[] readLink() throws ErrnoException {
    return posix.names().readlink(descriptor, name);
  }

  void truncate(long size) throws ErrnoException {
    int fd = open(NameCalls.O_WRONLY);
    try {
      posix.files().ftruncate(fd, size);
    } finally {
      posix.files().close(fd);
    }
  }

  /** Makes a hard link to it. */
  void link(int directory, byte[] newName) throws ErrnoException {
    if (isSelf()) {
      posix
          .names()
          .link(NameCalls.AT_FDCWD, path(), directory, newName, NameCalls.AT_SYMLINK_FOLLOW);
    } else {
      posix.names().link(descriptor, name, directory, newName, 0);
    }
  }

  /** The attribute's value, or null where there is none or the file can have none. */
  byte @Nullable [] xattr(byte[] attribute) throws ErrnoException {
    NativeBuffer buffer = VALUE.get();
    try {
      int length =
          posix.xattrs().get(path(), isSelf(), attribute, buffer.address(), buffer.capacity());
      return copy(buffer, length);
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ENODATA || e.errno() == Errno.EOPNOTSUPP) {
        return null;
      }
      throw e;
    }
  }

  /** The names of all attributes, each with its NUL; none where there can be none. */
  byte[] xattrNames() throws ErrnoException {
    NativeBuffer buffer = VALUE.get();
    try {
      return copy(
          buffer, posix.xattrs().list(path(), isSelf(), buffer.address(), buffer.capacity()));
    } catch (ErrnoException e) {
      if (e.errno() == Errno.EOPNOTSUPP) {
        return SELF;
      }
      throw e;
    }
  }

  void setXattr(byte[] attribute, byte[] value, int flags) throws ErrnoException {
    NativeBuffer buffer = VALUE.get();
    if (value.length > buffer.capacity()) {
      throw ErrnoException.of(Errno.E2BIG);
    }
    buffer.bytes().put(0, value);
    posix.xattrs().set(path(), isSelf(), attribute, buffer.address(), value.length, flags);
  }

  void removeXattr(byte[] attribute) throws ErrnoException {
    posix.xattrs().remove(path(), isSelf(), attribute);
  }

  private static byte[] copy(NativeBuffer buffer, int length) {
    byte[] value = new byte[length];
    buffer.bytes().get(0, value);
    return value;
  }
}
