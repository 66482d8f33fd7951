package io.strata.union;

import io.strata.fuse.Connection;
import io.strata.fuse.Request;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.FileCalls;
import io.strata.posix.NameCalls;
import io.strata.posix.NativeBuffer;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Inode flags, as lsattr(1) and chattr(1) show and set them. They are those of the upper file, kept
 * and enforced by its file system, or those of a lower file in a directory, of which {@link
 * Protection} holds here too; files of images have none. The kernel has checked who may set what.
 *
 * <p>Source: linux/fs.h. Called without the name lock.
 */
final class InodeFlags {
  static final int FS_IOC_GETFLAGS = 0x80086601;
  static final int FS_IOC_SETFLAGS = 0x40086602;

  private static final int FS_IOC_GETVERSION = 0x80087601;
  private static final int FS_IOC_FSGETXATTR = 0x801c581f;
  private static final int FS_IOC_FSSETXATTR = 0x401c5820;

  /** {@code struct fsxattr}. */
  private static final int FSXATTR_SIZE = 28;

  /** What everybody may ask for (FS_FL_USER_MODIFIABLE); the others say how a file is stored. */
  private static final int MODIFIABLE = 0x000380ff;

  private static final ThreadLocal<NativeBuffer> ARGUMENT =
      ThreadLocal.withInitial(() -> NativeBuffer.allocate(64));

  private final Tree tree;
  private final CopyUp copyUp;
  private final FileCalls files;
  private volatile @Nullable Connection connection;

  InodeFlags(Tree tree, CopyUp copyUp) {
    this.tree = tree;
    this.copyUp = copyUp;
    this.files = tree.posix.files();
  }

  /** From now on the kernel hears of attributes that change. */
  void start(Connection kernel) {
    connection = kernel;
  }

  /** See {@link io.strata.fuse.FileSystem#ioctl}. */
  int ioctl(Request request, Node node, int command, ByteBuffer argument) throws ErrnoException {
    if (!tree.isWritable() || !(node.isRegular() || node.isDirectory())) {
      throw ErrnoException.of(Errno.ENOTTY);
    }
    return switch (command) {
      // The kernel copies an int only, though the two are declared with long.
      case FS_IOC_GETFLAGS, FS_IOC_GETVERSION -> get(node, command, argument, Integer.BYTES);
      case FS_IOC_FSGETXATTR -> get(node, command, argument, FSXATTR_SIZE);
      case FS_IOC_SETFLAGS -> setFlags(request, node, argument);
      case FS_IOC_FSSETXATTR -> set(request, node, command, argument, FSXATTR_SIZE);
      default -> throw ErrnoException.of(Errno.ENOTTY);
    };
  }

  private int get(Node node, int command, ByteBuffer argument, int size) throws ErrnoException {
    if (argument.capacity() < size) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    if (node.inUpper) {
      onUpper(node, command, argument, size);
      show(node.protection, command, argument);
    } else if (command == FS_IOC_GETVERSION || !ofLower(node, command, argument, size)) {
      argument.put(0, new byte[size]);
    }
    return size;
  }

  /** Whether a lower file has flags. */
  private boolean ofLower(Node node, int command, ByteBuffer argument, int size)
      throws ErrnoException {
    int fd = openLower(node);
    if (fd < 0) {
      return false;
    }
    try {
      call(fd, command, argument, size);
      return true;
    } catch (ErrnoException e) {
      if (e.errno() != Errno.ENOTTY) {
        throw e;
      }
      return false; // its file system has none; the upper's may have
    }
  }

  private int openLower(Node node) throws ErrnoException {
    tree.lock.readLock().lock();
    try {
      return node.lower().openForFlags();
    } finally {
      tree.lock.readLock().unlock();
    }
  }

  /** What is kept for a file is shown with its own flags. */
  private static void show(int protection, int command, ByteBuffer flags) {
    if (command == FS_IOC_GETFLAGS) {
      flags.putInt(0, flags.getInt(0) | protection);
    } else if (command == FS_IOC_FSGETXATTR) {
      flags.putInt(0, flags.getInt(0) | Protection.extended(protection));
    }
  }

  /** Which flags say how it is stored, a copy knows better than the lower file that was shown. */
  private int setFlags(Request request, Node node, ByteBuffer argument) throws ErrnoException {
    boolean fresh = !node.inUpper;
    if (argument.capacity() < Integer.BYTES) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    if (fresh) {
      copyUp.ensure(request, node);
      ByteBuffer now = ByteBuffer.allocate(Integer.BYTES).order(argument.order());
      onUpper(node, FS_IOC_GETFLAGS, now, Integer.BYTES);
      argument.putInt(0, argument.getInt(0) & MODIFIABLE | now.getInt(0) & ~MODIFIABLE);
    }
    return set(request, node, FS_IOC_SETFLAGS, argument, Integer.BYTES);
  }

  private int set(Request request, Node node, int command, ByteBuffer argument, int size)
      throws ErrnoException {
    if (argument.capacity() < size) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    copyUp.ensure(request, node);
    unprotect(node);
    onUpper(node, command, argument, size);
    Connection kernel = connection;
    if (kernel != null) {
      kernel.invalidateAttributes(node.id); // it does not know that the time of change is another
    }
    return 0;
  }

  /** The caller says which flags there are from now on; the upper file itself bears them. */
  private void unprotect(Node node) throws ErrnoException {
    if (node.protection != 0) {
      tree.exclusively(
          () -> {
            UpperMarks.removeProtection(tree.upper().place(node));
            node.protection = 0;
          });
    }
  }

  private void onUpper(Node node, int command, ByteBuffer argument, int size)
      throws ErrnoException {
    call(open(node), command, argument, size);
  }

  /** Asks what is open, and closes it. */
  private void call(int fd, int command, ByteBuffer argument, int size) throws ErrnoException {
    NativeBuffer buffer = ARGUMENT.get();
    buffer.bytes().put(0, argument, 0, size);
    try {
      files.ioctl(fd, Integer.toUnsignedLong(command), buffer.address());
    } catch (ErrnoException e) {
      throw e.errno() == Errno.EOPNOTSUPP ? ErrnoException.of(Errno.ENOTTY) : e;
    } finally {
      files.close(fd);
    }
    argument.put(0, buffer.bytes(), 0, size);
  }

  private int open(Node node) throws ErrnoException {
    tree.lock.readLock().lock();
    try {
      return tree.upper().place(node).open(NameCalls.O_RDONLY);
    } finally {
      tree.lock.readLock().unlock();
    }
  }
}
