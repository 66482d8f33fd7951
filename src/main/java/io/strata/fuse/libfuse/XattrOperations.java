package io.strata.fuse.libfuse;

import io.strata.fuse.FileSystem;
import io.strata.posix.Errno;

/** The callbacks on extended attributes. */
final class XattrOperations {
  private final Served served;

  XattrOperations(Served served) {
    this.served = served;
  }

  int setxattr(long path, long name, long value, long size, int flags) {
    return served.onNode(
        path,
        (worker, held) -> {
          served
              .fileSystem()
              .setXattr(
                  worker,
                  held.node,
                  NativeMemory.string(name),
                  NativeMemory.window(value, (int) size),
                  flags | FileSystem.XATTR_ACL_CHECK_SGID); // the protocol does not tell
          return 0;
        });
  }

  int getxattr(long path, long name, long value, long size) {
    return served.onNode(
        path,
        (worker, held) -> {
          int length =
              served
                  .fileSystem()
                  .getXattr(
                      worker,
                      held.node,
                      NativeMemory.string(name),
                      NativeMemory.window(value, (int) size));
          return fitting(length, size);
        });
  }

  int listxattr(long path, long list, long size) {
    return served.onNode(
        path,
        (worker, held) ->
            fitting(
                served
                    .fileSystem()
                    .listXattr(worker, held.node, NativeMemory.window(list, (int) size)),
                size));
  }

  /** With no size, only the length was asked for. */
  private static int fitting(int length, long size) {
    return size != 0 && length > size ? -Errno.ERANGE : length;
  }

  int removexattr(long path, long name) {
    return served.onNode(
        path,
        (worker, held) -> {
          served.fileSystem().removeXattr(worker, held.node, NativeMemory.string(name));
          return 0;
        });
  }
}
