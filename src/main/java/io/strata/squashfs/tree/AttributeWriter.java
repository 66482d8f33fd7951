package io.strata.squashfs.tree;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.NameCalls;
import io.strata.posix.NativeBuffer;
import io.strata.posix.Posix;
import io.strata.posix.Stat;
import io.strata.posix.XattrCalls;
import io.strata.squashfs.Inode;
import io.strata.squashfs.SquashFsImage;
import io.strata.squashfs.SymlinkInode;
import java.io.IOException;

/** Gives files that were made the attributes that they have in the image. */
final class AttributeWriter {
  private static final int PERMISSIONS = 07777;
  private static final int PRIVILEGES = Stat.S_ISUID | Stat.S_ISGID;

  private final SquashFsImage image;
  private final Posix posix;
  private final boolean privileged;
  private final NativeBuffer value = NativeBuffer.allocate(XattrCalls.XATTR_SIZE_MAX);
  private long ownersLost;
  private long xattrsLost;

  AttributeWriter(SquashFsImage image, Posix posix) {
    this.image = image;
    this.posix = posix;
    this.privileged = posix.processes().effectiveUser() == 0;
  }

  long ownersLost() {
    return ownersLost;
  }

  long xattrsLost() {
    return xattrsLost;
  }

  /** In this order: chown takes privileges and capabilities away, and times change last. */
  void write(int directory, byte[] name, Inode inode) throws ErrnoException, IOException {
    boolean owned = own(directory, name, inode);
    writeXattrs(directory, name, inode);
    if (!(inode instanceof SymlinkInode)) {
      int mode = inode.mode() & PERMISSIONS;
      posix.names().chmod(directory, name, owned ? mode : mode & ~PRIVILEGES);
    }
    long time = inode.modifyTime();
    posix.names().setTimes(directory, name, 0, time, 0, time, 0);
  }

  private boolean own(int directory, byte[] name, Inode inode) throws ErrnoException {
    boolean mine =
        inode.uid() == posix.processes().effectiveUser()
            && inode.gid() == posix.processes().effectiveGroup();
    try {
      if (privileged || mine) {
        posix.names().chown(directory, name, inode.uid(), inode.gid(), 0);
        return true;
      }
    } catch (ErrnoException e) {
      // EINVAL: an id that the user namespace does not have.
      if (e.errno() != Errno.EPERM && e.errno() != Errno.EINVAL) {
        throw e;
      }
    }
    ownersLost++;
    return false;
  }

  private void writeXattrs(int directory, byte[] name, Inode inode)
      throws ErrnoException, IOException {
    for (byte[] attribute : image.xattrNames(inode)) {
      byte[] bytes = image.xattr(inode, attribute);
      if (bytes != null && !set(directory, name, attribute, bytes)) {
        xattrsLost++;
      }
    }
  }

  private boolean set(int directory, byte[] name, byte[] attribute, byte[] bytes)
      throws ErrnoException {
    value.bytes().put(0, bytes);
    byte[] path = XattrCalls.pathOf(directory, name);
    try {
      posix.xattrs().set(path, false, attribute, value.address(), bytes.length, 0);
      return true;
    } catch (ErrnoException e) {
      return switch (e.errno()) {
        case Errno.EPERM, Errno.EACCES, Errno.EOPNOTSUPP, Errno.E2BIG, Errno.ERANGE -> false;
        default -> throw e;
      };
    }
  }

  /** Where an open directory is for itself. */
  static byte[] self() {
    return new byte[] {'.'};
  }

  /** Whether a failed {@code mknod(2)} only says that the user is not root. */
  boolean isRootsAffair(ErrnoException e) {
    return e.errno() == Errno.EPERM && !privileged;
  }

  /** Flags to open a directory that was just made. */
  static int openDirectory() {
    return NameCalls.O_RDONLY | NameCalls.O_DIRECTORY | NameCalls.O_NOFOLLOW;
  }
}
