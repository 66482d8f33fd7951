package io.strata.posix;

import io.strata.natives.NativeFunction;
import io.strata.natives.SharedLibrary;

/**
 * The functions of libc, by their C names. Only numbers cross: {@code long} stands for pointers,
 * {@code size_t}, {@code ssize_t} and {@code off_t}. Thread-safe.
 */
@SuppressWarnings({"checkstyle:MethodName", "MemberName"})
final class Libc {
  private final NativeFunction openat;
  private final NativeFunction close;
  private final NativeFunction dup;
  private final NativeFunction dup2;
  private final NativeFunction fcntl;
  private final NativeFunction read;
  private final NativeFunction write;
  private final NativeFunction writev;
  private final NativeFunction pread64;
  private final NativeFunction pwrite64;
  private final NativeFunction fsync;
  private final NativeFunction fdatasync;
  private final NativeFunction syncfs;
  private final NativeFunction sync_file_range;
  private final NativeFunction ftruncate64;
  private final NativeFunction fallocate64;
  private final NativeFunction lseek64;
  private final NativeFunction copy_file_range;
  private final NativeFunction flock;
  private final NativeFunction ioctl;
  private final NativeFunction poll;
  private final NativeFunction pipe2;
  private final NativeFunction eventfd;
  private final NativeFunction statx;
  private final NativeFunction fstatfs64;
  private final NativeFunction mkdirat;
  private final NativeFunction mknodat;
  private final NativeFunction unlinkat;
  private final NativeFunction renameat2;
  private final NativeFunction linkat;
  private final NativeFunction symlinkat;
  private final NativeFunction readlinkat;
  private final NativeFunction fchmod;
  private final NativeFunction fchmodat;
  private final NativeFunction fchownat;
  private final NativeFunction utimensat;
  private final NativeFunction faccessat;
  private final NativeFunction getdents64;
  private final NativeFunction fgetxattr;
  private final NativeFunction fsetxattr;
  private final NativeFunction flistxattr;
  private final NativeFunction fremovexattr;
  private final NativeFunction getxattr;
  private final NativeFunction setxattr;
  private final NativeFunction listxattr;
  private final NativeFunction removexattr;
  private final NativeFunction lgetxattr;
  private final NativeFunction lsetxattr;
  private final NativeFunction llistxattr;
  private final NativeFunction lremovexattr;
  private final NativeFunction mount;
  private final NativeFunction umount2;
  private final NativeFunction geteuid;
  private final NativeFunction getegid;
  private final NativeFunction getpid;
  private final NativeFunction setsid;
  private final NativeFunction kill;
  private final NativeFunction umask;
  private final NativeFunction chdir;
  private final NativeFunction socketpair;
  private final NativeFunction recvmsg;
  private final NativeFunction posix_spawnp;
  private final NativeFunction posix_spawn_file_actions_init;
  private final NativeFunction posix_spawn_file_actions_adddup2;
  private final NativeFunction posix_spawn_file_actions_addclosefrom_np;
  private final NativeFunction posix_spawn_file_actions_destroy;
  private final NativeFunction waitpid;
  private final NativeFunction getrlimit64;
  private final NativeFunction setrlimit64;
  private final NativeFunction setfsuid;
  private final NativeFunction setfsgid;
  private final NativeFunction mmap64;
  private final NativeFunction munmap;
  private final NativeFunction sched_getaffinity;
  private final NativeFunction sched_setaffinity;
  private final NativeFunction setpriority;
  private final NativeFunction syscall;
  private final NativeFunction getpwnam;
  private final NativeFunction getgrnam;

  Libc(SharedLibrary library) {
    openat = library.function("openat");
    close = library.function("close");
    dup = library.function("dup");
    dup2 = library.function("dup2");
    fcntl = library.function("fcntl");
    read = library.function("read");
    write = library.function("write");
    writev = library.function("writev");
    pread64 = library.function("pread64");
    pwrite64 = library.function("pwrite64");
    fsync = library.function("fsync");
    fdatasync = library.function("fdatasync");
    syncfs = library.function("syncfs");
    sync_file_range = library.function("sync_file_range");
    ftruncate64 = library.function("ftruncate64");
    fallocate64 = library.function("fallocate64");
    lseek64 = library.function("lseek64");
    copy_file_range = library.function("copy_file_range");
    flock = library.function("flock");
    ioctl = library.function("ioctl");
    poll = library.function("poll");
    pipe2 = library.function("pipe2");
    eventfd = library.function("eventfd");
    statx = library.function("statx");
    fstatfs64 = library.function("fstatfs64");
    mkdirat = library.function("mkdirat");
    mknodat = library.function("mknodat");
    unlinkat = library.function("unlinkat");
    renameat2 = library.function("renameat2");
    linkat = library.function("linkat");
    symlinkat = library.function("symlinkat");
    readlinkat = library.function("readlinkat");
    fchmod = library.function("fchmod");
    fchmodat = library.function("fchmodat");
    fchownat = library.function("fchownat");
    utimensat = library.function("utimensat");
    faccessat = library.function("faccessat");
    getdents64 = library.function("getdents64");
    fgetxattr = library.function("fgetxattr");
    fsetxattr = library.function("fsetxattr");
    flistxattr = library.function("flistxattr");
    fremovexattr = library.function("fremovexattr");
    getxattr = library.function("getxattr");
    setxattr = library.function("setxattr");
    listxattr = library.function("listxattr");
    removexattr = library.function("removexattr");
    lgetxattr = library.function("lgetxattr");
    lsetxattr = library.function("lsetxattr");
    llistxattr = library.function("llistxattr");
    lremovexattr = library.function("lremovexattr");
    mount = library.function("mount");
    umount2 = library.function("umount2");
    geteuid = library.function("geteuid");
    getegid = library.function("getegid");
    getpid = library.function("getpid");
    setsid = library.function("setsid");
    kill = library.function("kill");
    umask = library.function("umask");
    chdir = library.function("chdir");
    socketpair = library.function("socketpair");
    recvmsg = library.function("recvmsg");
    posix_spawnp = library.function("posix_spawnp");
    posix_spawn_file_actions_init = library.function("posix_spawn_file_actions_init");
    posix_spawn_file_actions_adddup2 = library.function("posix_spawn_file_actions_adddup2");
    posix_spawn_file_actions_addclosefrom_np =
        library.function("posix_spawn_file_actions_addclosefrom_np");
    posix_spawn_file_actions_destroy = library.function("posix_spawn_file_actions_destroy");
    waitpid = library.function("waitpid");
    getrlimit64 = library.function("getrlimit64");
    setrlimit64 = library.function("setrlimit64");
    setfsuid = library.function("setfsuid");
    setfsgid = library.function("setfsgid");
    mmap64 = library.function("mmap64");
    munmap = library.function("munmap");
    sched_getaffinity = library.function("sched_getaffinity");
    sched_setaffinity = library.function("sched_setaffinity");
    setpriority = library.function("setpriority");
    syscall = library.function("syscall");
    getpwnam = library.function("getpwnam");
    getgrnam = library.function("getgrnam");
  }

  int openat(int dirFd, long path, int flags, int mode) {
    return (int) openat.call(dirFd, path, flags, mode);
  }

  int close(int fd) {
    return (int) close.call(fd);
  }

  int dup(int fd) {
    return (int) dup.call(fd);
  }

  int dup2(int fd, int newFd) {
    return (int) dup2.call(fd, newFd);
  }

  int fcntl(int fd, int command, long argument) {
    return (int) fcntl.call(fd, command, argument);
  }

  long read(int fd, long buffer, long count) {
    return read.call(fd, buffer, count);
  }

  long write(int fd, long buffer, long count) {
    return write.call(fd, buffer, count);
  }

  long writev(int fd, long iovec, int count) {
    return writev.call(fd, iovec, count);
  }

  long pread64(int fd, long buffer, long count, long offset) {
    return pread64.call(fd, buffer, count, offset);
  }

  long pwrite64(int fd, long buffer, long count, long offset) {
    return pwrite64.call(fd, buffer, count, offset);
  }

  int fsync(int fd) {
    return (int) fsync.call(fd);
  }

  int fdatasync(int fd) {
    return (int) fdatasync.call(fd);
  }

  int sync_file_range(int fd, long offset, long length, int flags) {
    return (int) sync_file_range.call(fd, offset, length, flags);
  }

  int syncfs(int fd) {
    return (int) syncfs.call(fd);
  }

  int ftruncate64(int fd, long length) {
    return (int) ftruncate64.call(fd, length);
  }

  int fallocate64(int fd, int mode, long offset, long length) {
    return (int) fallocate64.call(fd, mode, offset, length);
  }

  long lseek64(int fd, long offset, int whence) {
    return lseek64.call(fd, offset, whence);
  }

  long copy_file_range(int inFd, long inOffset, int outFd, long outOffset, long length, int flags) {
    return copy_file_range.call(inFd, inOffset, outFd, outOffset, length, flags);
  }

  int flock(int fd, int operation) {
    return (int) flock.call(fd, operation);
  }

  int ioctl(int fd, long request, long argument) {
    return (int) ioctl.call(fd, request, argument);
  }

  int poll(long fds, long count, int timeout) {
    return (int) poll.call(fds, count, timeout);
  }

  int pipe2(long fds, int flags) {
    return (int) pipe2.call(fds, flags);
  }

  int eventfd(int initial, int flags) {
    return (int) eventfd.call(initial, flags);
  }

  int statx(int dirFd, long path, int flags, int mask, long buffer) {
    return (int) statx.call(dirFd, path, flags, mask, buffer);
  }

  int fstatfs64(int fd, long buffer) {
    return (int) fstatfs64.call(fd, buffer);
  }

  int mkdirat(int dirFd, long path, int mode) {
    return (int) mkdirat.call(dirFd, path, mode);
  }

  int mknodat(int dirFd, long path, int mode, long device) {
    return (int) mknodat.call(dirFd, path, mode, device);
  }

  int unlinkat(int dirFd, long path, int flags) {
    return (int) unlinkat.call(dirFd, path, flags);
  }

  int renameat2(int oldDirFd, long oldPath, int newDirFd, long newPath, int flags) {
    return (int) renameat2.call(oldDirFd, oldPath, newDirFd, newPath, flags);
  }

  int linkat(int oldDirFd, long oldPath, int newDirFd, long newPath, int flags) {
    return (int) linkat.call(oldDirFd, oldPath, newDirFd, newPath, flags);
  }

  int symlinkat(long target, int dirFd, long path) {
    return (int) symlinkat.call(target, dirFd, path);
  }

  long readlinkat(int dirFd, long path, long buffer, long size) {
    return readlinkat.call(dirFd, path, buffer, size);
  }

  int fchmod(int fd, int mode) {
    return (int) fchmod.call(fd, mode);
  }

  int fchmodat(int dirFd, long path, int mode, int flags) {
    return (int) fchmodat.call(dirFd, path, mode, flags);
  }

  int fchownat(int dirFd, long path, int uid, int gid, int flags) {
    return (int) fchownat.call(dirFd, path, uid, gid, flags);
  }

  int utimensat(int dirFd, long path, long times, int flags) {
    return (int) utimensat.call(dirFd, path, times, flags);
  }

  int faccessat(int dirFd, long path, int mode, int flags) {
    return (int) faccessat.call(dirFd, path, mode, flags);
  }

  long getdents64(int fd, long buffer, long size) {
    return getdents64.call(fd, buffer, size);
  }

  long fgetxattr(int fd, long name, long value, long size) {
    return fgetxattr.call(fd, name, value, size);
  }

  int fsetxattr(int fd, long name, long value, long size, int flags) {
    return (int) fsetxattr.call(fd, name, value, size, flags);
  }

  long flistxattr(int fd, long list, long size) {
    return flistxattr.call(fd, list, size);
  }

  int fremovexattr(int fd, long name) {
    return (int) fremovexattr.call(fd, name);
  }

  long getxattr(long path, long name, long value, long size) {
    return getxattr.call(path, name, value, size);
  }

  int setxattr(long path, long name, long value, long size, int flags) {
    return (int) setxattr.call(path, name, value, size, flags);
  }

  long listxattr(long path, long list, long size) {
    return listxattr.call(path, list, size);
  }

  int removexattr(long path, long name) {
    return (int) removexattr.call(path, name);
  }

  long lgetxattr(long path, long name, long value, long size) {
    return lgetxattr.call(path, name, value, size);
  }

  int lsetxattr(long path, long name, long value, long size, int flags) {
    return (int) lsetxattr.call(path, name, value, size, flags);
  }

  long llistxattr(long path, long list, long size) {
    return llistxattr.call(path, list, size);
  }

  int lremovexattr(long path, long name) {
    return (int) lremovexattr.call(path, name);
  }

  int mount(long source, long target, long type, long flags, long data) {
    return (int) mount.call(source, target, type, flags, data);
  }

  int umount2(long target, int flags) {
    return (int) umount2.call(target, flags);
  }

  int geteuid() {
    return (int) geteuid.call();
  }

  int getegid() {
    return (int) getegid.call();
  }

  int getpid() {
    return (int) getpid.call();
  }

  int setsid() {
    return (int) setsid.call();
  }

  int kill(int pid, int signal) {
    return (int) kill.call(pid, signal);
  }

  int chdir(long path) {
    return (int) chdir.call(path);
  }

  int umask(int mask) {
    return (int) umask.call(mask);
  }

  int socketpair(int domain, int type, int protocol, long fds) {
    return (int) socketpair.call(domain, type, protocol, fds);
  }

  long recvmsg(int fd, long message, int flags) {
    return recvmsg.call(fd, message, flags);
  }

  int posix_spawnp(long pid, long file, long fileActions, long attributes, long argv, long envp) {
    return (int) posix_spawnp.call(pid, file, fileActions, attributes, argv, envp);
  }

  int posix_spawn_file_actions_init(long actions) {
    return (int) posix_spawn_file_actions_init.call(actions);
  }

  int posix_spawn_file_actions_adddup2(long actions, int fd, int newFd) {
    return (int) posix_spawn_file_actions_adddup2.call(actions, fd, newFd);
  }

  /** Of glibc 2.34 and later; gives -1 where it is not there. */
  int posix_spawn_file_actions_addclosefrom_np(long actions, int from) {
    return posix_spawn_file_actions_addclosefrom_np.isThere()
        ? (int) posix_spawn_file_actions_addclosefrom_np.call(actions, from)
        : -1;
  }

  int posix_spawn_file_actions_destroy(long actions) {
    return (int) posix_spawn_file_actions_destroy.call(actions);
  }

  int waitpid(int pid, long status, int options) {
    return (int) waitpid.call(pid, status, options);
  }

  int getrlimit64(int resource, long limit) {
    return (int) getrlimit64.call(resource, limit);
  }

  int setrlimit64(int resource, long limit) {
    return (int) setrlimit64.call(resource, limit);
  }

  int setfsuid(int uid) {
    return (int) setfsuid.call(uid);
  }

  int setfsgid(int gid) {
    return (int) setfsgid.call(gid);
  }

  long mmap64(long address, long length, int protection, int flags, int fd, long offset) {
    return mmap64.call(address, length, protection, flags, fd, offset);
  }

  int munmap(long address, long length) {
    return (int) munmap.call(address, length);
  }

  int sched_getaffinity(int thread, long size, long mask) {
    return (int) sched_getaffinity.call(thread, size, mask);
  }

  int sched_setaffinity(int thread, long size, long mask) {
    return (int) sched_setaffinity.call(thread, size, mask);
  }

  int setpriority(int which, int who, int priority) {
    return (int) setpriority.call(which, who, priority);
  }

  /** For what libc has no function for; a call of fewer arguments takes zeros for the others. */
  long syscall(long number, long a, long b, long c, long d, long e) {
    return syscall.call(number, a, b, c, d, e);
  }

  /** The same for a call of six arguments. */
  long syscall(long number, long a, long b, long c, long d, long e, long f) {
    return syscall.callMany(number, a, b, c, d, e, f);
  }

  long getpwnam(long name) {
    return getpwnam.call(name);
  }

  long getgrnam(long name) {
    return getgrnam.call(name);
  }
}
