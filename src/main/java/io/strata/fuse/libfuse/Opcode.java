package io.strata.fuse.libfuse;

/** The requests of the kernel that libfuse 2 may see. Source: enum fuse_opcode of linux/fuse.h. */
final class Opcode {
  static final int LOOKUP = 1;
  static final int GETATTR = 3;
  static final int UNLINK = 10;
  static final int RENAME = 12;
  static final int READ = 15;
  static final int WRITE = 16;
  static final int INIT = 26;
  static final int INTERRUPT = 36;

  private static final String[] NAMES = {
    "0",
    "LOOKUP",
    "FORGET",
    "GETATTR",
    "SETATTR",
    "READLINK",
    "SYMLINK",
    "7",
    "MKNOD",
    "MKDIR",
    "UNLINK",
    "RMDIR",
    "RENAME",
    "LINK",
    "OPEN",
    "READ",
    "WRITE",
    "STATFS",
    "RELEASE",
    "19",
    "FSYNC",
    "SETXATTR",
    "GETXATTR",
    "LISTXATTR",
    "REMOVEXATTR",
    "FLUSH",
    "INIT",
    "OPENDIR",
    "READDIR",
    "RELEASEDIR",
    "FSYNCDIR",
    "GETLK",
    "SETLK",
    "SETLKW",
    "ACCESS",
    "CREATE",
    "INTERRUPT",
    "BMAP",
    "DESTROY",
    "IOCTL",
    "POLL",
    "NOTIFY_REPLY",
    "BATCH_FORGET",
    "FALLOCATE",
    "READDIRPLUS",
    "RENAME2",
    "LSEEK",
    "COPY_FILE_RANGE",
    "SETUPMAPPING",
    "REMOVEMAPPING",
    "SYNCFS",
    "TMPFILE",
    "STATX"
  };

  private Opcode() {}

  static String name(int opcode) {
    return opcode >= 0 && opcode < NAMES.length ? NAMES[opcode] : Integer.toString(opcode);
  }
}
