package io.strata.fuse.kernel;

import io.strata.fuse.FileSystem;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;

/** Requests about the openings of a directory. */
final class DirectoryOperations {
  private static final int OPEN_IN = 8; // struct fuse_open_in
  private static final int READ_IN = 40; // struct fuse_read_in
  private static final int RELEASE_IN = 24; // struct fuse_release_in
  private static final int FSYNC_IN = 16; // struct fuse_fsync_in
  private static final int FUSE_FSYNC_FDATASYNC = 1;

  private final FileSystem fileSystem;
  private final boolean readOnly;

  DirectoryOperations(FileSystem fileSystem, boolean readOnly) {
    this.fileSystem = fileSystem;
    this.readOnly = readOnly;
  }

  void open(Exchange x) throws ErrnoException {
    if (readOnly) {
      throw ErrnoException.of(Errno.ENOSYS); // and listings are cached for good
    }
    x.in.need(OPEN_IN);
    x.opened.clear();
    fileSystem.openDirectory(x, x.in.node(), x.in.u32(0), x.opened);
    x.out.opened(x.opened, x.opened.flags, 0);
  }

  void undelivered(Exchange x) {
    fileSystem.releaseDirectory(x.in.node(), x.opened.handle);
  }

  void read(Exchange x, boolean plus) throws ErrnoException {
    x.in.need(READ_IN);
    int size = x.in.u32(16);
    if (size < 0) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    x.directory.begin(plus, size);
    try {
      fileSystem.readDirectory(x, x.in.node(), x.in.u64(0), x.in.u64(8), x.directory);
    } catch (ErrnoException e) {
      // Entries given already count as lookups, so the kernel has to hear of them.
      if (x.directory.isEmpty()) {
        throw e;
      }
    }
  }

  void release(Exchange x) throws ErrnoException {
    x.in.need(RELEASE_IN);
    fileSystem.releaseDirectory(x.in.node(), x.in.u64(0));
  }

  void fsync(Exchange x) throws ErrnoException {
    x.in.need(FSYNC_IN);
    boolean dataOnly = (x.in.u32(8) & FUSE_FSYNC_FDATASYNC) != 0;
    fileSystem.fsyncDirectory(x, x.in.node(), x.in.u64(0), dataOnly);
  }
}
