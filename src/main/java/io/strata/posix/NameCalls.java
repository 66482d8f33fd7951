package io.strata.posix;

import java.nio.ByteBuffer;

/**
 * Calls on a name in an open directory. A name may be a relative path; with {@link #AT_FDCWD} also
 * an absolute one. None of them follows a symbolic link in the last component unless it says so.
 */
public final class NameCalls {
  public static final int AT_FDCWD = -100;
  public static final int AT_SYMLINK_NOFOLLOW = 0x100;
  public static final int AT_REMOVEDIR = 0x200;
  public static final int AT_SYMLINK_FOLLOW = 0x400;
  public static final int AT_EMPTY_PATH = 0x1000;

  public static final int O_RDONLY = 0;
  public static final int O_WRONLY = 1;
  public static final int O_RDWR = 2;
  public static final int O_ACCMODE = 3;
  public static final int O_CREAT = 0100;
  public static final int O_EXCL = 0200;
  public static final int O_TRUNC = 01000;
  public static final int O_APPEND = 02000;
  public static final int O_NONBLOCK = 04000;
  public static final int O_CLOEXEC = 02000000;

  // These differ between architectures (asm/fcntl.h): ARM moved four of them.
  private static final boolean ARM = System.getProperty("os.arch", "").contains("aarch64");
  public static final int O_DIRECT = ARM ? 0200000 : 040000;
  public static final int O_DIRECTORY = ARM ? 040000 : 0200000;
  public static final int O_NOFOLLOW = ARM ? 0100000 : 0400000;
  public static final int O_LARGEFILE = ARM ? 0400000 : 0100000;
  public static final int O_NOATIME = 01000000;
  public static final int O_PATH = 010000000;
  public static final int O_TMPFILE = 020000000 | O_DIRECTORY;

  public static final int RENAME_NOREPLACE = 1;
  public static final int RENAME_EXCHANGE = 2;
  public static final int RENAME_WHITEOUT = 4;

  /** For {@code tv_nsec} of {@link #setTimes}: the time of the call. */
  public static final int UTIME_NOW = 0x3fffffff;

  /** For {@code tv_nsec} of {@link #setTimes}: leave as it is. */
  public static final int UTIME_OMIT = 0x3ffffffe;

  static final byte[] EMPTY = new byte[0];

  private static final int MAX_HANDLE_SZ = 128; // linux/exportfs.h

  private final Native system;

  NameCalls(Native system) {
    this.system = system;
  }

  private NameFunctions libc() {
    return system.libc().names();
  }

  /** Opens or creates; {@code flags} as O_..., O_CLOEXEC is added. */
  public int open(int dirFd, byte[] name, int flags, int mode) throws ErrnoException {
    long path = Scratch.ofThread().firstPath(name);
    return system.check(libc().openat(dirFd, path, flags | O_CLOEXEC, mode));
  }

  /** Fills {@code stat}; {@code flags} may hold AT_EMPTY_PATH; links are not followed. */
  public void stat(int dirFd, byte[] name, int flags, Stat stat) throws ErrnoException {
    Scratch scratch = Scratch.ofThread();
    long path = scratch.firstPath(name);
    int all = flags | AT_SYMLINK_NOFOLLOW;
    system.check(system.libc().statx(dirFd, path, all, Stat.WANTED, scratch.structAddress()));
    stat.read(scratch.bytes(), scratch.structOffset());
  }

  public void mkdir(int dirFd, byte[] name, int mode) throws ErrnoException {
    system.check(libc().mkdirat(dirFd, Scratch.ofThread().firstPath(name), mode));
  }

  /** Makes a file of the type in {@code mode}; {@code device} as {@link Stat#makeDevice}. */
  public void mknod(int dirFd, byte[] name, int mode, long device) throws ErrnoException {
    system.check(libc().mknodat(dirFd, Scratch.ofThread().firstPath(name), mode, device));
  }

  public void unlink(int dirFd, byte[] name) throws ErrnoException {
    system.check(libc().unlinkat(dirFd, Scratch.ofThread().firstPath(name), 0));
  }

  public void rmdir(int dirFd, byte[] name) throws ErrnoException {
    system.check(libc().unlinkat(dirFd, Scratch.ofThread().firstPath(name), AT_REMOVEDIR));
  }

  /** {@code renameat2(2)} with its RENAME flags. */
  public void rename(int fromDirFd, byte[] from, int toDirFd, byte[] to, int flags)
      throws ErrnoException {
    Scratch scratch = Scratch.ofThread();
    long first = scratch.firstPath(from);
    long second = scratch.secondPath(to);
    system.check(libc().renameat2(fromDirFd, first, toDirFd, second, flags));
  }

  /** {@code linkat(2)}; {@code flags}: AT_SYMLINK_FOLLOW (for /proc/self/fd), AT_EMPTY_PATH. */
  public void link(int fromDirFd, byte[] from, int toDirFd, byte[] to, int flags)
      throws ErrnoException {
    Scratch scratch = Scratch.ofThread();
    long first = scratch.firstPath(from);
    long second = scratch.secondPath(to);
    system.check(libc().linkat(fromDirFd, first, toDirFd, second, flags));
  }

  public void symlink(byte[] target, int dirFd, byte[] name) throws ErrnoException {
    Scratch scratch = Scratch.ofThread();
    long first = scratch.firstPath(target);
    long second = scratch.secondPath(name);
    system.check(libc().symlinkat(first, dirFd, second));
  }

  /**
   * The target of a symbolic link; an empty name reads the link that an O_PATH descriptor holds.
   */
  public byte[] readlink(int dirFd, byte[] name) throws ErrnoException {
    Scratch scratch = Scratch.ofThread();
    long first = scratch.firstPath(name);
    long second = scratch.secondPath(EMPTY);
    int length = (int) system.check(libc().readlinkat(dirFd, first, second, Scratch.PATH_MAX));
    byte[] target = new byte[length];
    scratch.bytes().get((int) (second - first), target);
    return target;
  }

  /** Changes the mode; follows a symbolic link, as chmod(2) does. */
  public void chmod(int dirFd, byte[] name, int mode) throws ErrnoException {
    system.check(libc().fchmodat(dirFd, Scratch.ofThread().firstPath(name), mode, 0));
  }

  /** Changes owner and group, -1 to leave one; {@code flags} may hold AT_EMPTY_PATH. */
  public void chown(int dirFd, byte[] name, int uid, int gid, int flags) throws ErrnoException {
    long path = Scratch.ofThread().firstPath(name);
    system.check(libc().fchownat(dirFd, path, uid, gid, flags | AT_SYMLINK_NOFOLLOW));
  }

  /**
   * Sets access and modification time; nanoseconds may be {@link #UTIME_NOW} or {@link
   * #UTIME_OMIT}.
   */
  public void setTimes(
      int dirFd,
      byte[] name,
      int flags,
      long accessSeconds,
      long accessNanos,
      long modifySeconds,
      long modifyNanos)
      throws ErrnoException {
    Scratch scratch = Scratch.ofThread();
    ByteBuffer bytes = scratch.bytes();
    int at = scratch.structOffset();
    bytes.putLong(at, accessSeconds).putLong(at + 8, accessNanos);
    bytes.putLong(at + 16, modifySeconds).putLong(at + 24, modifyNanos);
    long path = scratch.firstPath(name);
    int all = flags | AT_SYMLINK_NOFOLLOW;
    system.check(libc().utimensat(dirFd, path, scratch.structAddress(), all));
  }

  /** {@code faccessat(2)} with R_OK 4, W_OK 2, X_OK 1, for the effective user. */
  public void access(int dirFd, byte[] name, int mode) throws ErrnoException {
    int atEaccess = 0x200;
    system.check(libc().faccessat(dirFd, Scratch.ofThread().firstPath(name), mode, atEaccess));
  }

  /**
   * The handle of a file: a byte for its type, then the handle itself, as its file system makes it
   * ({@code name_to_handle_at(2)}). A symbolic link is not followed. EOPNOTSUPP where the file
   * system has none, EOVERFLOW for one whose type does not go into a byte.
   */
  public byte[] handle(int dirFd, byte[] name) throws ErrnoException {
    Scratch scratch = Scratch.ofThread();
    long path = scratch.firstPath(name);
    ByteBuffer bytes = scratch.bytes();
    int at = scratch.structOffset(); // struct file_handle: u32 handle_bytes, s32 handle_type, bytes
    bytes.putInt(at, MAX_HANDLE_SZ).putInt(at + 4, 0);
    long address = scratch.structAddress();
    long mountId = address + 8 + MAX_HANDLE_SZ;
    system.check(libc().name_to_handle_at(dirFd, path, address, mountId, 0));
    int size = bytes.getInt(at);
    int type = bytes.getInt(at + 4);
    if (size < 0 || size > MAX_HANDLE_SZ || type < 0 || type > 0xff) {
      throw ErrnoException.of(Errno.EOVERFLOW);
    }
    byte[] handle = new byte[1 + size];
    handle[0] = (byte) type;
    bytes.get(at + 8, handle, 1, size);
    return handle;
  }
}
