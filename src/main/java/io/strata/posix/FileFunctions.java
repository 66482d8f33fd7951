package io.strata.posix;

import io.strata.natives.NativeFunction;
import io.strata.natives.SharedLibrary;

/** What libc has for open descriptors; see {@link Libc}. Thread-safe. */
@SuppressWarnings({"checkstyle:MethodName", "MemberName"})
final class FileFunctions {
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
  private final NativeFunction fstatfs64;
  private final NativeFunction fchmod;
  private final NativeFunction getdents64;

  FileFunctions(SharedLibrary library) {
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
    fstatfs64 = library.function("fstatfs64");
    fchmod = library.function("fchmod");
    getdents64 = library.function("getdents64");
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

  int syncfs(int fd) {
    return (int) syncfs.call(fd);
  }

  int sync_file_range(int fd, long offset, long length, int flags) {
    return (int) sync_file_range.call(fd, offset, length, flags);
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

  int fstatfs64(int fd, long buffer) {
    return (int) fstatfs64.call(fd, buffer);
  }

  int fchmod(int fd, int mode) {
    return (int) fchmod.call(fd, mode);
  }

  long getdents64(int fd, long buffer, long size) {
    return getdents64.call(fd, buffer, size);
  }
}
