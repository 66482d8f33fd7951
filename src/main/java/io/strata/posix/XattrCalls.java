package io.strata.posix;

import java.nio.charset.StandardCharsets;

/**
 * Extended attributes. The file is given by descriptor or by a path; for a name in a directory the
 * path is made with {@link #pathOf}, for an O_PATH descriptor with {@link #pathOf(int)}.
 *
 * <p>Attribute names are bytes without NUL, as {@code user.x}. Values travel by address.
 */
public final class XattrCalls {
  public static final int XATTR_CREATE = 1;
  public static final int XATTR_REPLACE = 2;

  /** The largest value, and the largest list of names, in bytes (linux/limits.h). */
  public static final int XATTR_SIZE_MAX = 65536;

  private final Native system;

  XattrCalls(Native system) {
    this.system = system;
  }

  private XattrFunctions libc() {
    return system.libc().xattrs();
  }

  /** A path that leads to {@code name} in the directory {@code dirFd} and nowhere else. */
  public static byte[] pathOf(int dirFd, byte[] name) {
    byte[] prefix = ("/proc/self/fd/" + dirFd + "/").getBytes(StandardCharsets.US_ASCII);
    byte[] path = new byte[prefix.length + name.length];
    System.arraycopy(prefix, 0, path, 0, prefix.length);
    System.arraycopy(name, 0, path, prefix.length, name.length);
    return path;
  }

  /** A path to what {@code fd} holds, also for O_PATH; use it with the calls that follow links. */
  public static byte[] pathOf(int fd) {
    return ("/proc/self/fd/" + fd).getBytes(StandardCharsets.US_ASCII);
  }

  /** The value's length; with {@code size} 0 nothing is written. ENODATA where there is none. */
  public int get(int fd, byte[] name, long address, int size) throws ErrnoException {
    long attribute = Scratch.ofThread().secondPath(name);
    return (int) system.check(libc().fgetxattr(fd, attribute, address, size));
  }

  public void set(int fd, byte[] name, long address, int size, int flags) throws ErrnoException {
    long attribute = Scratch.ofThread().secondPath(name);
    system.check(libc().fsetxattr(fd, attribute, address, size, flags));
  }

  public int list(int fd, long address, int size) throws ErrnoException {
    return (int) system.check(libc().flistxattr(fd, address, size));
  }

  public void remove(int fd, byte[] name) throws ErrnoException {
    system.check(libc().fremovexattr(fd, Scratch.ofThread().secondPath(name)));
  }

  /** As {@link #get(int, byte[], long, int)} by path; a last link is followed if {@code follow}. */
  public int get(byte[] path, boolean follow, byte[] name, long address, int size)
      throws ErrnoException {
    Scratch scratch = Scratch.ofThread();
    long file = scratch.firstPath(path);
    long attribute = scratch.secondPath(name);
    return (int)
        system.check(
            follow
                ? libc().getxattr(file, attribute, address, size)
                : libc().lgetxattr(file, attribute, address, size));
  }

  /** Sets by path; {@code flags}: {@link #XATTR_CREATE}, {@link #XATTR_REPLACE}. */
  public void set(byte[] path, boolean follow, byte[] name, long address, int size, int flags)
      throws ErrnoException {
    Scratch scratch = Scratch.ofThread();
    long file = scratch.firstPath(path);
    long attribute = scratch.secondPath(name);
    system.check(
        follow
            ? libc().setxattr(file, attribute, address, size, flags)
            : libc().lsetxattr(file, attribute, address, size, flags));
  }

  /** Lists names, each with its NUL; gives the length of the list. */
  public int list(byte[] path, boolean follow, long address, int size) throws ErrnoException {
    long file = Scratch.ofThread().firstPath(path);
    return (int)
        system.check(
            follow
                ? libc().listxattr(file, address, size)
                : libc().llistxattr(file, address, size));
  }

  public void remove(byte[] path, boolean follow, byte[] name) throws ErrnoException {
    Scratch scratch = Scratch.ofThread();
    long file = scratch.firstPath(path);
    long attribute = scratch.secondPath(name);
    system.check(
        follow ? libc().removexattr(file, attribute) : libc().lremovexattr(file, attribute));
  }
}
