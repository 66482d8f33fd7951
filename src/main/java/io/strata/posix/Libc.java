package io.strata.posix;

/**
 * The functions of libc, by their C names. Only primitives cross: {@code long} stands for pointers,
 * {@code size_t}, {@code ssize_t} and {@code off_t}; that makes for the cheapest stubs. Public only
 * because jnr-ffi implements it in another class loader.
 */
@SuppressWarnings({"checkstyle:MethodName", "MemberName"})
public interface Libc {
  int openat(int dirFd, long path, int flags, int mode);

  int close(int fd);

  int dup(int fd);

  int dup2(int fd, int newFd);

  int fcntl(int fd, int command, long argument);

  long read(int fd, long buffer, long count);

  long write(int fd, long buffer, long count);

  long writev(int fd, long iovec, int count);

  long pread64(int fd, long buffer, long count, long offset);

  long pwrite64(int fd, long buffer, long count, long offset);

  int fsync(int fd);

  int fdatasync(int fd);

  int syncfs(int fd);

  int ftruncate64(int fd, long length);

  int fallocate64(int fd, int mode, long offset, long length);

  long lseek64(int fd, long offset, int whence);

  // jnr-ffi 2.3.4 passes a return address as the sixth of six arguments. Of seven it passes all;
  // the one too many is in no one's way.
  long copy_file_range(
      int inFd, long inOffset, int outFd, long outOffset, long length, int flags, long unused);

  int flock(int fd, int operation);

  int ioctl(int fd, long request, long argument);

  int poll(long fds, long count, int timeout);

  int pipe2(long fds, int flags);

  int eventfd(int initial, int flags);

  int statx(int dirFd, long path, int flags, int mask, long buffer);

  int fstatfs64(int fd, long buffer);

  int mkdirat(int dirFd, long path, int mode);

  int mknodat(int dirFd, long path, int mode, long device);

  int unlinkat(int dirFd, long path, int flags);

  int renameat2(int oldDirFd, long oldPath, int newDirFd, long newPath, int flags);

  int linkat(int oldDirFd, long oldPath, int newDirFd, long newPath, int flags);

  int symlinkat(long target, int dirFd, long path);

  long readlinkat(int dirFd, long path, long buffer, long size);

  int fchmod(int fd, int mode);

  int fchmodat(int dirFd, long path, int mode, int flags);

  int fchownat(int dirFd, long path, int uid, int gid, int flags);

  int utimensat(int dirFd, long path, long times, int flags);

  int faccessat(int dirFd, long path, int mode, int flags);

  long getdents64(int fd, long buffer, long size);

  long fgetxattr(int fd, long name, long value, long size);

  int fsetxattr(int fd, long name, long value, long size, int flags);

  long flistxattr(int fd, long list, long size);

  int fremovexattr(int fd, long name);

  long getxattr(long path, long name, long value, long size);

  int setxattr(long path, long name, long value, long size, int flags);

  long listxattr(long path, long list, long size);

  int removexattr(long path, long name);

  long lgetxattr(long path, long name, long value, long size);

  int lsetxattr(long path, long name, long value, long size, int flags);

  long llistxattr(long path, long list, long size);

  int lremovexattr(long path, long name);

  int mount(long source, long target, long type, long flags, long data);

  int umount2(long target, int flags);

  int geteuid();

  int getegid();

  int getpid();

  int setsid();

  int kill(int pid, int signal);

  int umask(int mask);

  int socketpair(int domain, int type, int protocol, long fds);

  long recvmsg(int fd, long message, int flags);

  // The seventh: see copy_file_range.
  int posix_spawnp(
      long pid, long file, long fileActions, long attributes, long argv, long envp, long unused);

  int posix_spawn_file_actions_init(long actions);

  int posix_spawn_file_actions_adddup2(long actions, int fd, int newFd);

  int posix_spawn_file_actions_destroy(long actions);

  int waitpid(int pid, long status, int options);

  int getrlimit64(int resource, long limit);

  int setrlimit64(int resource, long limit);

  int setfsuid(int uid);

  int setfsgid(int gid);
}
