package io.strata.union;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.NameCalls;
import io.strata.posix.NativeBuffer;
import io.strata.posix.Posix;
import io.strata.posix.Stat;
import java.nio.ByteBuffer;

/**
 * Lists a directory of the host.
 *
 * <p>Source: {@code struct linux_dirent64} and the DT types of getdents64(2).
 */
final class DirectoryReader {
  private static final int BUFFER_SIZE = 64 << 10;
  private static final ThreadLocal<NativeBuffer> BUFFER =
      ThreadLocal.withInitial(() -> NativeBuffer.allocate(BUFFER_SIZE));
  private static final byte[] DOT = {'.'};
  private static final int FLAGS = NameCalls.O_RDONLY | NameCalls.O_DIRECTORY;

  /** A linux_dirent64 with the longest name and its NUL, in whole words. */
  private static final int LARGEST_ENTRY = (19 + 255 + 1 + 7) / 8 * 8;

  private DirectoryReader() {}

  /** Gives the entries of {@code directory}, an O_PATH descriptor, without . and .. */
  static void list(Posix posix, int directory, EntryVisitor visitor) throws ErrnoException {
    list(posix, directory, openQuietly(posix, directory), visitor);
  }

  /** The same for a reader of the mount, which has the time of access set. */
  static void listForReader(Posix posix, int directory, EntryVisitor visitor)
      throws ErrnoException {
    list(posix, directory, posix.names().open(directory, DOT, FLAGS, 0), visitor);
  }

  private static void list(Posix posix, int directory, int fd, EntryVisitor visitor)
      throws ErrnoException {
    try {
      NativeBuffer own = BUFFER.get();
      BUFFER.remove(); // a visitor may list another directory
      int length;
      while ((length = posix.files().getdents(fd, own.address(), own.capacity())) > 0) {
        entries(posix, directory, own.bytes(), length, visitor);
      }
      BUFFER.set(own);
    } finally {
      posix.files().close(fd);
    }
  }

  /** Leaves the time of access alone, which is for readers of the mount; its owner may do that. */
  private static int openQuietly(Posix posix, int directory) throws ErrnoException {
    try {
      return posix.names().open(directory, DOT, FLAGS | NameCalls.O_NOATIME, 0);
    } catch (ErrnoException e) {
      if (e.errno() != Errno.EPERM) {
        throw e;
      }
      return posix.names().open(directory, DOT, FLAGS, 0);
    }
  }

  /** Has the time of access of {@code directory} set, as its file system does for a reader. */
  static void touch(Posix posix, int directory) throws ErrnoException {
    int fd = posix.names().open(directory, DOT, FLAGS, 0);
    try {
      posix.files().getdents(fd, BUFFER.get().address(), LARGEST_ENTRY);
    } finally {
      posix.files().close(fd);
    }
  }

  private static void entries(
      Posix posix, int directory, ByteBuffer bytes, int length, EntryVisitor visitor)
      throws ErrnoException {
    int at = 0;
    while (at < length) {
      long inode = bytes.getLong(at); // d_ino
      int record = Short.toUnsignedInt(bytes.getShort(at + 16)); // d_reclen
      int type = bytes.get(at + 18) << 12; // d_type: the type bits of st_mode, shifted
      byte[] name = name(bytes, at + 19);
      if (!isDots(name)) {
        visitor.entry(
            Name.sharing(name), type != 0 ? type : typeOf(posix, directory, name), inode, null);
      }
      at += record;
    }
  }

  /** For file systems that leave the type to stat (DT_UNKNOWN). */
  private static int typeOf(Posix posix, int directory, byte[] name) throws ErrnoException {
    Stat stat = new Stat();
    posix.names().stat(directory, name, 0, stat);
    return stat.type();
  }

  private static byte[] name(ByteBuffer bytes, int from) {
    int end = from;
    while (bytes.get(end) != 0) {
      end++;
    }
    byte[] name = new byte[end - from];
    bytes.get(from, name);
    return name;
  }

  private static boolean isDots(byte[] name) {
    return name[0] == '.' && (name.length == 1 || (name.length == 2 && name[1] == '.'));
  }
}
