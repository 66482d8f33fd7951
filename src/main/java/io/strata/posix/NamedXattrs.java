package io.strata.posix;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Extended attributes of a name in an open directory, never of what a symbolic link there leads to.
 * Thread-safe.
 *
 * <p>Linux 6.13 has calls for that (getxattrat(2) and its like); before, the way leads through
 * {@code /proc/self/fd}, which takes several times as long. Source: fs/xattr.c of the kernel; the
 * numbers are the same on all machines.
 */
public final class NamedXattrs {
  private static final int SYS_SETXATTRAT = 463;
  private static final int SYS_GETXATTRAT = 464;
  private static final int SYS_LISTXATTRAT = 465;
  private static final int SYS_REMOVEXATTRAT = 466;

  private static final int FLAGS = NameCalls.AT_SYMLINK_NOFOLLOW;

  /** {@code struct xattr_args}: u64 address of the value, u32 size, u32 flags. */
  private static final int ARGUMENTS_SIZE = 16;

  private static final byte[] ROOT = "/".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ANY = "user.strata".getBytes(StandardCharsets.US_ASCII);

  private enum Way {
    UNKNOWN,
    DIRECT,
    BY_PATH
  }

  private final Native system;
  private final XattrCalls byPath;
  private volatile Way way = Way.UNKNOWN;

  NamedXattrs(Native system, XattrCalls byPath) {
    this.system = system;
    this.byPath = byPath;
  }

  /** As {@link XattrCalls#get(byte[], boolean, byte[], long, int)}. */
  public int get(int directory, byte[] file, byte[] name, long address, int size)
      throws ErrnoException {
    return isDirect()
        ? (int) system.check(call(SYS_GETXATTRAT, directory, file, name, address, size, 0))
        : byPath.get(XattrCalls.pathOf(directory, file), false, name, address, size);
  }

  /** As {@link XattrCalls#set(byte[], boolean, byte[], long, int, int)}. */
  public void set(int directory, byte[] file, byte[] name, long address, int size, int flags)
      throws ErrnoException {
    if (isDirect()) {
      system.check(call(SYS_SETXATTRAT, directory, file, name, address, size, flags));
    } else {
      byPath.set(XattrCalls.pathOf(directory, file), false, name, address, size, flags);
    }
  }

  /** As {@link XattrCalls#list(byte[], boolean, long, int)}. */
  public int list(int directory, byte[] file, long address, int size) throws ErrnoException {
    if (!isDirect()) {
      return byPath.list(XattrCalls.pathOf(directory, file), false, address, size);
    }
    long path = Scratch.ofThread().firstPath(file);
    Libc libc = system.libc();
    return (int) system.check(libc.syscall(SYS_LISTXATTRAT, directory, path, FLAGS, address, size));
  }

  /** As {@link XattrCalls#remove(byte[], boolean, byte[])}. */
  public void remove(int directory, byte[] file, byte[] name) throws ErrnoException {
    if (!isDirect()) {
      byPath.remove(XattrCalls.pathOf(directory, file), false, name);
      return;
    }
    Scratch scratch = Scratch.ofThread();
    long path = scratch.firstPath(file);
    long attribute = scratch.secondPath(name);
    Libc libc = system.libc();
    system.check(libc.syscall(SYS_REMOVEXATTRAT, directory, path, FLAGS, attribute, 0));
  }

  private long call(
      int number, int directory, byte[] file, byte[] name, long address, int size, int flags)
      throws ErrnoException {
    Scratch scratch = Scratch.ofThread();
    long path = scratch.firstPath(file);
    long attribute = scratch.secondPath(name);
    ByteBuffer bytes = scratch.bytes();
    int at = scratch.structOffset();
    bytes.putLong(at, address).putInt(at + 8, size).putInt(at + 12, flags);
    long arguments = scratch.structAddress();
    return system
        .libc()
        .syscall(number, directory, path, FLAGS, attribute, arguments, ARGUMENTS_SIZE);
  }

  private boolean isDirect() throws ErrnoException {
    if (way == Way.UNKNOWN) {
      way = isOffered() ? Way.DIRECT : Way.BY_PATH;
    }
    return way == Way.DIRECT;
  }

  /** An older kernel says ENOSYS; a filter that does not know the call may say EPERM. */
  private boolean isOffered() throws ErrnoException {
    long result = call(SYS_GETXATTRAT, NameCalls.AT_FDCWD, ROOT, ANY, 0, 0, 0);
    int errno = result < 0 ? system.lastErrno() : 0;
    return errno != Errno.ENOSYS && errno != Errno.EPERM;
  }
}
