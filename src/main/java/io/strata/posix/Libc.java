package io.strata.posix;

import io.strata.natives.NativeFunction;
import io.strata.natives.SharedLibrary;

/**
 * The functions of libc, by their C names, in groups. Only numbers cross: {@code long} stands for
 * pointers, {@code size_t}, {@code ssize_t} and {@code off_t}. Thread-safe.
 */
final class Libc {
  private final FileFunctions files;
  private final NameFunctions names;
  private final XattrFunctions xattrs;
  private final ProcessFunctions processes;
  private final NativeFunction statx;
  private final NativeFunction mount;
  private final NativeFunction umount2;
  private final NativeFunction mmap64;
  private final NativeFunction munmap;
  private final NativeFunction syscall;

  Libc(SharedLibrary library) {
    files = new FileFunctions(library);
    names = new NameFunctions(library);
    xattrs = new XattrFunctions(library);
    processes = new ProcessFunctions(library);
    statx = library.function("statx");
    mount = library.function("mount");
    umount2 = library.function("umount2");
    mmap64 = library.function("mmap64");
    munmap = library.function("munmap");
    syscall = library.function("syscall");
  }

  FileFunctions files() {
    return files;
  }

  NameFunctions names() {
    return names;
  }

  XattrFunctions xattrs() {
    return xattrs;
  }

  ProcessFunctions processes() {
    return processes;
  }

  int statx(int dirFd, long path, int flags, int mask, long buffer) {
    return (int) statx.call(dirFd, path, flags, mask, buffer);
  }

  int mount(long source, long target, long type, long flags, long data) {
    return (int) mount.call(source, target, type, flags, data);
  }

  int umount2(long target, int flags) {
    return (int) umount2.call(target, flags);
  }

  long mmap64(long address, long length, int protection, int flags, int fd, long offset) {
    return mmap64.call(address, length, protection, flags, fd, offset);
  }

  int munmap(long address, long length) {
    return (int) munmap.call(address, length);
  }

  /** For what libc has no function for; a call of fewer arguments takes zeros for the others. */
  long syscall(long number, long a, long b, long c, long d, long e) {
    return syscall.call(number, a, b, c, d, e);
  }

  /** The same for a call of six arguments. */
  long syscall(long number, long a, long b, long c, long d, long e, long f) {
    return syscall.callMany(number, a, b, c, d, e, f);
  }
}
