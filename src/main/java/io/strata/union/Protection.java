package io.strata.union;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.NameCalls;
import org.jspecify.annotations.Nullable;

/**
 * Files that must not be changed, or only grow, as kernel overlayfs has recorded it: a lower file's
 * flags i and a of chattr(1) are no flags of its copy, but stand in overlay.protattr. Flags that
 * are set through this mount are the upper file's own, and its file system sees to them.
 *
 * <p>Source: {@code ovl_check_protattr} of fs/overlayfs/util.c; what is refused is what the kernel
 * refuses for such flags.
 */
final class Protection {
  /** FS_IMMUTABLE_FL and FS_APPEND_FL of linux/fs.h. */
  static final int IMMUTABLE = 0x10;

  static final int APPEND = 0x20;

  /** FS_XFLAG_IMMUTABLE and FS_XFLAG_APPEND of linux/fs.h. */
  private static final int X_IMMUTABLE = 0x8;

  private static final int X_APPEND = 0x10;

  private Protection() {}

  /** The flags that a recorded value means. */
  static int of(byte @Nullable [] value) {
    int flags = 0;
    if (value != null) {
      for (byte letter : value) {
        flags |= letter == 'i' ? IMMUTABLE : letter == 'a' ? APPEND : 0;
      }
    }
    return flags;
  }

  /** The same flags as {@code struct fsxattr} has them. */
  static int extended(int flags) {
    return ((flags & IMMUTABLE) != 0 ? X_IMMUTABLE : 0) | ((flags & APPEND) != 0 ? X_APPEND : 0);
  }

  /** A file's own attributes are to be changed, or it is to get or lose a name. */
  static void checkChange(Node node) throws ErrnoException {
    if (node.protection != 0) {
      throw ErrnoException.of(Errno.EPERM);
    }
  }

  /** A file is to be opened with these flags of open(2). */
  static void checkOpen(Node node, int flags) throws ErrnoException {
    boolean writes = (flags & (NameCalls.O_ACCMODE | NameCalls.O_TRUNC)) != NameCalls.O_RDONLY;
    boolean grows = (flags & (NameCalls.O_APPEND | NameCalls.O_TRUNC)) == NameCalls.O_APPEND;
    if (writes && node.protection != 0 && !(grows && node.protection == APPEND)) {
      throw ErrnoException.of(Errno.EPERM);
    }
  }

  /** A directory is to get an entry. */
  static void checkEnter(Node directory) throws ErrnoException {
    if ((directory.protection & IMMUTABLE) != 0) {
      throw ErrnoException.of(Errno.EPERM);
    }
  }

  /** A directory is to lose an entry. */
  static void checkLeave(Node directory, Node entry) throws ErrnoException {
    checkChange(directory);
    checkChange(entry);
  }
}
