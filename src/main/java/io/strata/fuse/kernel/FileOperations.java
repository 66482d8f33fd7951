package io.strata.fuse.kernel;

import io.strata.fuse.FileSystem;
import io.strata.fuse.Opened;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Requests about the openings of a file, and what is in it. */
final class FileOperations {
  private static final int OPEN_IN = 8; // struct fuse_open_in
  private static final int CREATE_IN = 16; // struct fuse_create_in
  private static final int FUSE_OPEN_KILL_SUIDGID = 1;
  private static final int READ_IN = 40; // struct fuse_read_in
  static final int WRITE_IN = 40; // struct fuse_write_in
  private static final int FLUSH_IN = 24; // struct fuse_flush_in
  private static final int RELEASE_IN = 24; // struct fuse_release_in
  private static final int FSYNC_IN = 16; // struct fuse_fsync_in
  private static final int FUSE_FSYNC_FDATASYNC = 1;
  private static final int FALLOCATE_IN = 32; // struct fuse_fallocate_in
  private static final int LSEEK_IN = 24; // struct fuse_lseek_in
  private static final int COPY_FILE_RANGE_IN = 56; // struct fuse_copy_file_range_in

  private static final int IOCTL_IN = 32; // struct fuse_ioctl_in
  private static final int IOCTL_OUT = 16; // struct fuse_ioctl_out

  /** More than any command needs that we know. */
  private static final int IOCTL_MAX = 4096;

  /** The reply to COPY_FILE_RANGE counts in 32 bits; whole pages keep the copy aligned. */
  private static final long COPY_MAX_32 = 0x7ffff000L;

  private static final int FOPEN_PASSTHROUGH = 1 << 7;

  /** What the kernel allows beside FOPEN_PASSTHROUGH. */
  private static final int PASSTHROUGH_MASK =
      Opened.FOPEN_DIRECT_IO | Opened.FOPEN_PARALLEL_DIRECT_WRITES | Opened.FOPEN_NOFLUSH;

  private final FileSystem fileSystem;
  private final boolean readOnly;
  private final BackingFiles backing;

  FileOperations(FileSystem fileSystem, boolean readOnly, BackingFiles backing) {
    this.fileSystem = fileSystem;
    this.readOnly = readOnly;
    this.backing = backing;
  }

  void open(Exchange x) throws ErrnoException {
    if (readOnly) {
      throw ErrnoException.of(Errno.ENOSYS); // and no open is ever sent again
    }
    x.in.need(OPEN_IN);
    x.opened.clear();
    fileSystem.open(x, x.in.node(), flags(x.in.u32(0), x.in.u32(4)), x.opened);
    putOpened(x, x.in.node());
  }

  private static int flags(int flags, int openFlags) {
    boolean kill = (openFlags & FUSE_OPEN_KILL_SUIDGID) != 0;
    return kill ? flags | FileSystem.OPEN_KILL_SUIDGID : flags;
  }

  private void putOpened(Exchange x, long node) {
    int backingId = backing.opened(node, x.opened.backingDescriptor);
    int flags = x.opened.flags & ~FOPEN_PASSTHROUGH;
    if (backingId != BackingFiles.NONE) {
      flags = flags & PASSTHROUGH_MASK | FOPEN_PASSTHROUGH;
    }
    x.out.opened(x.opened, flags, backingId);
  }

  void create(Exchange x) throws ErrnoException {
    x.in.need(CREATE_IN);
    byte[] name = x.in.name(CREATE_IN);
    int flags = flags(x.in.u32(0), x.in.u32(12));
    x.entry.clear();
    x.opened.clear();
    fileSystem.create(x, x.in.node(), name, flags, x.in.u32(4), x.in.u32(8), x.entry, x.opened);
    x.out.entry(x.entry);
    putOpened(x, x.entry.node);
  }

  void createUnnamed(Exchange x) throws ErrnoException {
    x.in.need(CREATE_IN);
    int flags = flags(x.in.u32(0), x.in.u32(12));
    x.entry.clear();
    x.opened.clear();
    fileSystem.createUnnamed(x, x.in.node(), flags, x.in.u32(4), x.in.u32(8), x.entry, x.opened);
    x.out.entry(x.entry);
    putOpened(x, x.entry.node);
  }

  /** Closes an opening of {@code node} of which the kernel never heard. */
  void undelivered(Exchange x, long node) {
    backing.released(node);
    fileSystem.release(node, x.opened.handle, 0);
  }

  void read(Exchange x) throws ErrnoException {
    x.in.need(READ_IN);
    int size = x.in.u32(16);
    if (size < 0 || size > x.out.room()) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    int got =
        fileSystem.read(
            x, x.in.node(), x.in.u64(0), x.in.u64(8), size, x.out.memory(), x.out.position());
    if (got < 0 || got > size) {
      throw new IllegalStateException("read of " + size + " bytes gave " + got);
    }
    x.out.advance(got);
    x.counters.read(got);
  }

  void write(Exchange x) throws ErrnoException {
    x.in.need(WRITE_IN);
    int size = x.in.u32(16);
    x.in.need(WRITE_IN + Integer.toUnsignedLong(size));
    int written =
        fileSystem.write(
            x,
            x.in.node(),
            x.in.u64(0),
            x.in.u64(8),
            x.in.memory(),
            x.in.position(WRITE_IN),
            size,
            x.in.u32(20));
    x.out.u32(written);
    x.out.u32(0);
    x.counters.written(written);
  }

  void flush(Exchange x) throws ErrnoException {
    if (readOnly) {
      throw ErrnoException.of(Errno.ENOSYS);
    }
    x.in.need(FLUSH_IN);
    fileSystem.flush(x, x.in.node(), x.in.u64(0));
  }

  void release(Exchange x) throws ErrnoException {
    x.in.need(RELEASE_IN);
    backing.released(x.in.node());
    fileSystem.release(x.in.node(), x.in.u64(0), x.in.u32(8));
  }

  void fsync(Exchange x) throws ErrnoException {
    x.in.need(FSYNC_IN);
    boolean dataOnly = (x.in.u32(8) & FUSE_FSYNC_FDATASYNC) != 0;
    fileSystem.fsync(x, x.in.node(), x.in.u64(0), dataOnly);
  }

  void allocate(Exchange x) throws ErrnoException {
    x.in.need(FALLOCATE_IN);
    fileSystem.allocate(x, x.in.node(), x.in.u64(0), x.in.u32(24), x.in.u64(8), x.in.u64(16));
  }

  void seek(Exchange x) throws ErrnoException {
    x.in.need(LSEEK_IN);
    x.out.u64(fileSystem.seek(x, x.in.node(), x.in.u64(0), x.in.u64(8), x.in.u32(16)));
  }

  void copyRange(Exchange x, boolean wide) throws ErrnoException {
    x.in.need(COPY_FILE_RANGE_IN);
    if (x.in.u64(48) != 0) {
      throw ErrnoException.of(Errno.EINVAL); // no flags are defined
    }
    long length = wide ? x.in.u64(40) : Math.min(x.in.u64(40), COPY_MAX_32);
    long copied =
        fileSystem.copyRange(
            x,
            x.in.node(),
            x.in.u64(0),
            x.in.u64(8),
            x.in.u64(16),
            x.in.u64(24),
            x.in.u64(32),
            length);
    x.out.u64(copied); // as fuse_write_out, 32 bits and padding, it reads the same
  }

  /** The answer is {@code struct fuse_ioctl_out}, then what the caller gets. */
  void ioctl(Exchange x) throws ErrnoException {
    x.in.need(IOCTL_IN);
    int given = x.in.u32(24);
    int room = x.in.u32(28);
    if (given < 0 || given > IOCTL_MAX || room < 0 || room > IOCTL_MAX) {
      throw ErrnoException.of(Errno.ENOTTY);
    }
    x.in.need(IOCTL_IN + given);
    ByteBuffer argument = ByteBuffer.allocate(Math.max(given, room)).order(ByteOrder.LITTLE_ENDIAN);
    argument.put(0, x.value(IOCTL_IN, given), x.in.position(IOCTL_IN), given);
    int got = fileSystem.ioctl(x, x.in.node(), x.in.u32(12), argument);
    x.out.raw(new byte[IOCTL_OUT]);
    x.out.raw(Arrays.copyOf(argument.array(), Math.min(got, room)));
  }
}
