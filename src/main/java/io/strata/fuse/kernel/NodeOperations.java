package io.strata.fuse.kernel;

import io.strata.fuse.AttributeChange;
import io.strata.fuse.FileSystem;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;

/** Requests about one node: lookup and forget, attributes, links. */
final class NodeOperations {
  private static final int GETATTR_IN = 16; // struct fuse_getattr_in
  private static final int FUSE_GETATTR_FH = 1;
  private static final int STATX_IN = 24; // struct fuse_statx_in
  private static final int SETATTR_IN = 88; // struct fuse_setattr_in
  private static final int FORGET_IN = 8; // struct fuse_forget_in
  private static final int BATCH_FORGET_IN = 8; // struct fuse_batch_forget_in
  private static final int FORGET_ONE = 16; // struct fuse_forget_one
  private static final int ACCESS_IN = 8; // struct fuse_access_in

  private final FileSystem fileSystem;

  NodeOperations(FileSystem fileSystem) {
    this.fileSystem = fileSystem;
  }

  void lookup(Exchange x) throws ErrnoException {
    x.entry.clear();
    fileSystem.lookup(x, x.in.node(), x.in.name(0), x.entry);
    x.out.entry(x.entry);
  }

  void forget(Exchange x) throws ErrnoException {
    x.in.need(FORGET_IN);
    fileSystem.forget(x.in.node(), x.in.u64(0));
  }

  void batchForget(Exchange x) throws ErrnoException {
    x.in.need(BATCH_FORGET_IN);
    long count = Integer.toUnsignedLong(x.in.u32(0));
    x.in.need(BATCH_FORGET_IN + count * FORGET_ONE);
    for (int i = 0; i < count; i++) {
      int at = BATCH_FORGET_IN + i * FORGET_ONE;
      fileSystem.forget(x.in.u64(at), x.in.u64(at + 8));
    }
  }

  /** Takes back the lookup that an undelivered entry counts as. */
  void undelivered(Exchange x) {
    if (x.entry.node != 0) {
      fileSystem.forget(x.entry.node, 1);
    }
  }

  void getAttributes(Exchange x) throws ErrnoException {
    x.in.need(GETATTR_IN);
    boolean hasHandle = (x.in.u32(0) & FUSE_GETATTR_FH) != 0;
    x.attributes.clear();
    fileSystem.getAttributes(x, x.in.node(), hasHandle, x.in.u64(8), x.attributes);
    x.out.attributes(x.attributes);
  }

  /**
   * What statx(2) wants beyond {@link #getAttributes}: of the kernel's own accord, a birth only.
   */
  void statx(Exchange x) throws ErrnoException {
    if (!fileSystem.tellsBirth()) {
      throw ErrnoException.of(Errno.ENOSYS); // it never asks again
    }
    x.in.need(STATX_IN);
    boolean hasHandle = (x.in.u32(0) & FUSE_GETATTR_FH) != 0;
    x.attributes.clear();
    fileSystem.getAttributes(x, x.in.node(), hasHandle, x.in.u64(8), x.attributes);
    x.out.statx(x.attributes);
  }

  void setAttributes(Exchange x) throws ErrnoException {
    x.in.need(SETATTR_IN);
    decode(x.in, x.change);
    x.attributes.clear();
    fileSystem.setAttributes(x, x.in.node(), x.change, x.attributes);
    x.out.attributes(x.attributes);
  }

  private static void decode(RequestBuffer in, AttributeChange change) {
    change.valid = in.u32(0);
    change.handle = in.u64(8);
    change.size = in.u64(16);
    change.accessSeconds = in.u64(32);
    change.modifySeconds = in.u64(40);
    change.changeSeconds = in.u64(48);
    change.accessNanos = in.u32(56);
    change.modifyNanos = in.u32(60);
    change.changeNanos = in.u32(64);
    change.mode = in.u32(68);
    change.uid = in.u32(76);
    change.gid = in.u32(80);
  }

  void readLink(Exchange x) throws ErrnoException {
    x.out.raw(fileSystem.readLink(x, x.in.node()));
  }

  void statFs(Exchange x) throws ErrnoException {
    x.statFs.clear();
    fileSystem.statFs(x, x.in.node(), x.statFs);
    x.out.statFs(x.statFs);
  }

  void access(Exchange x) throws ErrnoException {
    x.in.need(ACCESS_IN);
    fileSystem.access(x, x.in.node(), x.in.u32(0));
  }
}
