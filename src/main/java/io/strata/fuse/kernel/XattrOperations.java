package io.strata.fuse.kernel;

import io.strata.fuse.FileSystem;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import java.nio.ByteBuffer;

/** Requests about extended attributes. */
final class XattrOperations {
  private static final int GETXATTR_IN = 8; // struct fuse_getxattr_in
  private static final int SETXATTR_IN = 16; // struct fuse_setxattr_in, with FUSE_SETXATTR_EXT
  private static final int COMPAT_SETXATTR_IN = 8; // FUSE_COMPAT_SETXATTR_IN_SIZE
  private static final int FUSE_SETXATTR_ACL_KILL_SGID = 1;

  private final FileSystem fileSystem;
  private final boolean extended;

  /**
   * @param extended whether FUSE_SETXATTR_EXT was agreed
   */
  XattrOperations(FileSystem fileSystem, boolean extended) {
    this.fileSystem = fileSystem;
    this.extended = extended;
  }

  void get(Exchange x) throws ErrnoException {
    x.in.need(GETXATTR_IN);
    int size = wanted(x);
    ByteBuffer target = x.out.window(size);
    finish(x, size, fileSystem.getXattr(x, x.in.node(), x.in.name(GETXATTR_IN), target));
  }

  void list(Exchange x) throws ErrnoException {
    x.in.need(GETXATTR_IN);
    int size = wanted(x);
    finish(x, size, fileSystem.listXattr(x, x.in.node(), x.out.window(size)));
  }

  private static int wanted(Exchange x) {
    int size = x.in.u32(0);
    return size < 0 ? x.out.room() : Math.min(size, x.out.room());
  }

  /** A caller that gave no room asks for the length alone. */
  private static void finish(Exchange x, int size, int length) throws ErrnoException {
    if (size == 0) {
      x.out.u32(length);
      x.out.u32(0);
    } else if (length > size) {
      throw ErrnoException.of(Errno.ERANGE);
    } else {
      x.out.advance(length);
    }
  }

  void set(Exchange x) throws ErrnoException {
    int head = extended ? SETXATTR_IN : COMPAT_SETXATTR_IN;
    x.in.need(head);
    byte[] name = x.in.name(head);
    int valueAt = head + name.length + 1;
    long size = Integer.toUnsignedLong(x.in.u32(0));
    x.in.need(valueAt + size);
    int flags = x.in.u32(4);
    if (extended && (x.in.u32(8) & FUSE_SETXATTR_ACL_KILL_SGID) != 0) {
      flags |= FileSystem.XATTR_ACL_KILL_SGID;
    }
    fileSystem.setXattr(x, x.in.node(), name, x.value(valueAt, (int) size), flags);
  }

  void remove(Exchange x) throws ErrnoException {
    fileSystem.removeXattr(x, x.in.node(), x.in.name(0));
  }
}
