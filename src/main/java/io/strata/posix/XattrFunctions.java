package io.strata.posix;

import io.strata.natives.NativeFunction;
import io.strata.natives.SharedLibrary;

/** What libc has for extended attributes; see {@link Libc}. Thread-safe. */
@SuppressWarnings({"checkstyle:MethodName", "MemberName"})
final class XattrFunctions {
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

  XattrFunctions(SharedLibrary library) {
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
}
