package io.strata.posix;

import io.strata.natives.NativeFunction;
import io.strata.natives.SharedLibrary;

/** What libc has for names in directories; see {@link Libc}. Thread-safe. */
@SuppressWarnings({"checkstyle:MethodName", "MemberName"})
final class NameFunctions {
  private final NativeFunction openat;
  private final NativeFunction mkdirat;
  private final NativeFunction mknodat;
  private final NativeFunction unlinkat;
  private final NativeFunction renameat2;
  private final NativeFunction linkat;
  private final NativeFunction symlinkat;
  private final NativeFunction readlinkat;
  private final NativeFunction fchmodat;
  private final NativeFunction fchownat;
  private final NativeFunction utimensat;
  private final NativeFunction faccessat;
  private final NativeFunction name_to_handle_at;

  NameFunctions(SharedLibrary library) {
    openat = library.function("openat");
    mkdirat = library.function("mkdirat");
    mknodat = library.function("mknodat");
    unlinkat = library.function("unlinkat");
    renameat2 = library.function("renameat2");
    linkat = library.function("linkat");
    symlinkat = library.function("symlinkat");
    readlinkat = library.function("readlinkat");
    fchmodat = library.function("fchmodat");
    fchownat = library.function("fchownat");
    utimensat = library.function("utimensat");
    faccessat = library.function("faccessat");
    name_to_handle_at = library.function("name_to_handle_at");
  }

  int openat(int dirFd, long path, int flags, int mode) {
    return (int) openat.call(dirFd, path, flags, mode);
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

  int name_to_handle_at(int dirFd, long path, long handle, long mountId, int flags) {
    return (int) name_to_handle_at.call(dirFd, path, handle, mountId, flags);
  }
}
