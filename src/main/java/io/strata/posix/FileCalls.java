package io.strata.posix;

/** Calls on an open descriptor. Buffers are given by address; see {@link NativeBuffer}. */
public final class FileCalls {
  public static final int LOCK_SH = 1;
  public static final int LOCK_EX = 2;
  public static final int LOCK_NB = 4;
  public static final int LOCK_UN = 8;

  public static final int SEEK_SET = 0;
  public static final int SEEK_CUR = 1;
  public static final int SEEK_END = 2;
  public static final int SEEK_DATA = 3;
  public static final int SEEK_HOLE = 4;

  public static final int F_GETFL = 3;
  public static final int F_SETFL = 4;

  /** SYNC_FILE_RANGE_WAIT_BEFORE, WRITE and WAIT_AFTER. */
  private static final int SYNC_FILE_RANGE_ALL = 7;

  private final Native system;

  FileCalls(Native system) {
    this.system = system;
  }

  private FileFunctions libc() {
    return system.libc().files();
  }

  /** Closes {@code fd}; a failure is of no use to anyone and is not reported. */
  public void close(int fd) {
    libc().close(fd);
  }

  /** Closes {@code fd} and reports a delayed write error. */
  public void closeChecked(int fd) throws ErrnoException {
    system.check(libc().close(fd));
  }

  /** Duplicates {@code fd}, without FD_CLOEXEC. */
  public int dup(int fd) throws ErrnoException {
    return system.check(libc().dup(fd));
  }

  /** Makes {@code newFd} mean what {@code fd} does, without FD_CLOEXEC; what it meant is closed. */
  public void duplicate(int fd, int newFd) throws ErrnoException {
    system.check(libc().dup2(fd, newFd));
  }

  public int fcntl(int fd, int command, long argument) throws ErrnoException {
    return system.check(libc().fcntl(fd, command, argument));
  }

  /** Reads up to {@code length} bytes at the descriptor's own offset; 0 at the end. */
  public int read(int fd, long address, int length) throws ErrnoException {
    return (int) system.check(libc().read(fd, address, length));
  }

  /** As {@link #read}, but gives a failure as its negative errno: where failing is no event. */
  public int readOrErrno(int fd, long address, int length) {
    int got = (int) libc().read(fd, address, length);
    return got < 0 ? -system.lastErrno() : got;
  }

  public int write(int fd, long address, int length) throws ErrnoException {
    return (int) system.check(libc().write(fd, address, length));
  }

  /** Writes the {@code count} pieces that the {@code struct iovec} array at {@code iovec} names. */
  public int writev(int fd, long iovec, int count) throws ErrnoException {
    return (int) system.check(libc().writev(fd, iovec, count));
  }

  /** Reads up to {@code length} bytes from {@code offset}; fewer at the end, 0 behind it. */
  public int pread(int fd, long address, int length, long offset) throws ErrnoException {
    return (int) system.check(libc().pread64(fd, address, length, offset));
  }

  public int pwrite(int fd, long address, int length, long offset) throws ErrnoException {
    return (int) system.check(libc().pwrite64(fd, address, length, offset));
  }

  public void fsync(int fd) throws ErrnoException {
    system.check(libc().fsync(fd));
  }

  public void fdatasync(int fd) throws ErrnoException {
    system.check(libc().fdatasync(fd));
  }

  /** Writes a file's data to the disk and waits for it, but asks nothing of the file's metadata. */
  public void writeOut(int fd) throws ErrnoException {
    system.check(libc().sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_ALL));
  }

  /** Writes out the whole file system that {@code fd} lies on. */
  public void syncfs(int fd) throws ErrnoException {
    system.check(libc().syncfs(fd));
  }

  public void ftruncate(int fd, long length) throws ErrnoException {
    system.check(libc().ftruncate64(fd, length));
  }

  /** {@code fallocate(2)}, with its FALLOC_FL flags in {@code mode}. */
  public void fallocate(int fd, int mode, long offset, long length) throws ErrnoException {
    system.check(libc().fallocate64(fd, mode, offset, length));
  }

  public long lseek(int fd, long offset, int whence) throws ErrnoException {
    return system.check(libc().lseek64(fd, offset, whence));
  }

  /** Copies inside the kernel; gives the bytes copied, 0 at the end of the source. */
  public long copyFileRange(int in, long inOffset, int out, long outOffset, long length)
      throws ErrnoException {
    Scratch scratch = Scratch.ofThread();
    int at = scratch.structOffset();
    scratch.bytes().putLong(at, inOffset).putLong(at + 8, outOffset);
    long address = scratch.structAddress();
    return system.check(libc().copy_file_range(in, address, out, address + 8, length, 0));
  }

  /** {@code flock(2)}: EWOULDBLOCK (EAGAIN) when held by another and LOCK_NB is given. */
  public void flock(int fd, int operation) throws ErrnoException {
    system.check(libc().flock(fd, operation));
  }

  public int ioctl(int fd, long request, long argument) throws ErrnoException {
    return system.check(libc().ioctl(fd, request, argument));
  }

  /** Waits on an array of {@code struct pollfd}; {@code timeout} in milliseconds, -1 for ever. */
  public int poll(long pollFds, int count, int timeout) throws ErrnoException {
    return system.check(libc().poll(pollFds, count, timeout));
  }

  /** A pipe: the end to read from, then the end to write to. */
  public int[] pipe(int flags) throws ErrnoException {
    Scratch scratch = Scratch.ofThread();
    system.check(libc().pipe2(scratch.structAddress(), flags));
    int at = scratch.structOffset();
    return new int[] {scratch.bytes().getInt(at), scratch.bytes().getInt(at + 4)};
  }

  public int eventfd(int initial, int flags) throws ErrnoException {
    return system.check(libc().eventfd(initial, flags));
  }

  /** Fills {@code stat} with the attributes of the open file. */
  public void stat(int fd, Stat stat) throws ErrnoException {
    Scratch scratch = Scratch.ofThread();
    long path = scratch.firstPath(NameCalls.EMPTY);
    system.check(
        system
            .libc()
            .statx(fd, path, NameCalls.AT_EMPTY_PATH, Stat.WANTED, scratch.structAddress()));
    stat.read(scratch.bytes(), scratch.structOffset());
  }

  /** The numbers of the file system that {@code fd} lies on. */
  public FileSystemStat statfs(int fd) throws ErrnoException {
    Scratch scratch = Scratch.ofThread();
    system.check(libc().fstatfs64(fd, scratch.structAddress()));
    return FileSystemStat.read(scratch.bytes(), scratch.structOffset());
  }

  public void chmod(int fd, int mode) throws ErrnoException {
    system.check(libc().fchmod(fd, mode));
  }

  /** Reads {@code struct linux_dirent64} records from an open directory; 0 at its end. */
  public int getdents(int fd, long address, int length) throws ErrnoException {
    return (int) system.check(libc().getdents64(fd, address, length));
  }
}
