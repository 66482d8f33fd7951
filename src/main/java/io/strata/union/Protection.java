package io.strata.union;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.NameCalls;
import io.strata.posix.Stat;
import org.jspecify.annotations.Nullable;

/**
 * Files that must not be changed, or only grow, though no file system sees to it: a lower file's
 * flags i and a of chattr(1) hold in the union too. They are no flags of its copy, which could not
 * be put into place then, but stand in overlay.protattr, as kernel overlayfs has it. Flags that are
 * set through this mount are the upper file's own.
 *
 * <p>Source: {@code ovl_check_protattr} of fs/overlayfs/util.c; what is refused is what the kernel
 * refuses for such flags.
 */
final class Protection {
  /** FS_IMMUTABLE_FL and FS_APPEND_FL of linux/fs.h; statx(2) has the same bits. */
  static final int IMMUTABLE = Stat.ATTRIBUTE_IMMUTABLE;

  static final int APPEND = Stat.ATTRIBUTE_APPEND;

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

  /** The flags that a file itself has. */
  static int of(Stat stat) {
    return (int) stat.attributeBits & (IMMUTABLE | APPEND);
  }

  /** The value to record for flags. */
  static byte[] record(int flags) {
    String letters = ((flags & APPEND) != 0 ? "a" : "") + ((flags & IMMUTABLE) != 0 ? "i" : "");
    return letters.getBytes(US_ASCII);
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

  /** The same of a file with such attributes, whose own file system is not asked. */
  static void checkChange(Stat stat) throws ErrnoException {
    if (of(stat) != 0) {
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
