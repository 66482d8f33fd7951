package io.strata.fuse.kernel;

import io.strata.fuse.FileSystem;
import io.strata.posix.ErrnoException;

/** Requests that make, move and remove names. */
final class NameOperations {
  private static final int MKNOD_IN = 16; // struct fuse_mknod_in
  private static final int MKDIR_IN = 8; // struct fuse_mkdir_in
  private static final int RENAME_IN = 8; // struct fuse_rename_in
  private static final int RENAME2_IN = 16; // struct fuse_rename2_in
  private static final int LINK_IN = 8; // struct fuse_link_in

  private final FileSystem fileSystem;

  NameOperations(FileSystem fileSystem) {
    this.fileSystem = fileSystem;
  }

  void symlink(Exchange x) throws ErrnoException {
    byte[] name = x.in.name(0);
    byte[] target = x.in.name(name.length + 1);
    x.entry.clear();
    fileSystem.symlink(x, x.in.node(), name, target, x.entry);
    x.out.entry(x.entry);
  }

  void makeNode(Exchange x) throws ErrnoException {
    x.in.need(MKNOD_IN);
    byte[] name = x.in.name(MKNOD_IN);
    int mode = x.in.u32(0);
    long device = Integer.toUnsignedLong(x.in.u32(4));
    x.entry.clear();
    fileSystem.makeNode(x, x.in.node(), name, mode, x.in.u32(8), device, x.entry);
    x.out.entry(x.entry);
  }

  void makeDirectory(Exchange x) throws ErrnoException {
    x.in.need(MKDIR_IN);
    byte[] name = x.in.name(MKDIR_IN);
    x.entry.clear();
    fileSystem.makeDirectory(x, x.in.node(), name, x.in.u32(0), x.in.u32(4), x.entry);
    x.out.entry(x.entry);
  }

  void unlink(Exchange x) throws ErrnoException {
    fileSystem.unlink(x, x.in.node(), x.in.name(0));
  }

  void removeDirectory(Exchange x) throws ErrnoException {
    fileSystem.removeDirectory(x, x.in.node(), x.in.name(0));
  }

  void rename(Exchange x) throws ErrnoException {
    x.in.need(RENAME_IN);
    rename(x, RENAME_IN, 0);
  }

  void renameWithFlags(Exchange x) throws ErrnoException {
    x.in.need(RENAME2_IN);
    rename(x, RENAME2_IN, x.in.u32(8));
  }

  private void rename(Exchange x, int namesAt, int flags) throws ErrnoException {
    byte[] name = x.in.name(namesAt);
    byte[] newName = x.in.name(namesAt + name.length + 1);
    fileSystem.rename(x, x.in.node(), name, x.in.u64(0), newName, flags);
  }

  void link(Exchange x) throws ErrnoException {
    x.in.need(LINK_IN);
    byte[] name = x.in.name(LINK_IN);
    x.entry.clear();
    fileSystem.link(x, x.in.u64(0), x.in.node(), name, x.entry);
    x.out.entry(x.entry);
  }
}
