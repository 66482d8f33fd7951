package io.strata.union;

import io.strata.fuse.AttributeChange;
import io.strata.fuse.Attributes;
import io.strata.fuse.Entry;
import io.strata.fuse.FileSystem;
import io.strata.fuse.Opened;
import io.strata.fuse.Request;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.NameCalls;
import io.strata.posix.NativeBuffer;
import java.nio.ByteBuffer;

/** A file system that nobody can change: each operation that would gives EROFS. */
interface ReadOnlyFileSystem extends FileSystem {
  /** What each change fails with. */
  static ErrnoException readOnly() {
    return ErrnoException.of(Errno.EROFS);
  }

  /** EROFS for flags that ask to write. */
  static void checkOpen(int flags) throws ErrnoException {
    if ((flags & NameCalls.O_ACCMODE) != NameCalls.O_RDONLY || (flags & NameCalls.O_TRUNC) != 0) {
      throw readOnly();
    }
  }

  @Override
  default void setAttributes(
      Request request, long node, AttributeChange change, Attributes attributes)
      throws ErrnoException {
    throw readOnly();
  }

  @Override
  default void symlink(Request request, long parent, byte[] name, byte[] target, Entry entry)
      throws ErrnoException {
    throw readOnly();
  }

  @Override
  default void makeNode(
      Request request, long parent, byte[] name, int mode, int umask, long device, Entry entry)
      throws ErrnoException {
    throw readOnly();
  }

  @Override
  default void makeDirectory(
      Request request, long parent, byte[] name, int mode, int umask, Entry entry)
      throws ErrnoException {
    throw readOnly();
  }

  @Override
  default void unlink(Request request, long parent, byte[] name) throws ErrnoException {
    throw readOnly();
  }

  @Override
  default void removeDirectory(Request request, long parent, byte[] name) throws ErrnoException {
    throw readOnly();
  }

  @Override
  default void rename(
      Request request, long parent, byte[] name, long newParent, byte[] newName, int flags)
      throws ErrnoException {
    throw readOnly();
  }

  @Override
  default void link(Request request, long node, long newParent, byte[] newName, Entry entry)
      throws ErrnoException {
    throw readOnly();
  }

  @Override
  default void create(
      Request request,
      long parent,
      byte[] name,
      int flags,
      int mode,
      int umask,
      Entry entry,
      Opened opened)
      throws ErrnoException {
    throw readOnly();
  }

  @Override
  default void createUnnamed(
      Request request, long parent, int flags, int mode, int umask, Entry entry, Opened opened)
      throws ErrnoException {
    throw readOnly();
  }

  @Override
  default int write(
      Request request,
      long node,
      long handle,
      long offset,
      NativeBuffer source,
      int sourceOffset,
      int size,
      int flags)
      throws ErrnoException {
    throw readOnly();
  }

  @Override
  default void flush(Request request, long node, long handle) {}

  @Override
  default void fsync(Request request, long node, long handle, boolean dataOnly) {}

  @Override
  default void fsyncDirectory(Request request, long node, long handle, boolean dataOnly) {}

  @Override
  default void setXattr(Request request, long node, byte[] name, ByteBuffer value, int flags)
      throws ErrnoException {
    throw readOnly();
  }

  @Override
  default void removeXattr(Request request, long node, byte[] name) throws ErrnoException {
    throw readOnly();
  }

  /** The kernel has checked; only writing is always refused. */
  @Override
  default void access(Request request, long node, int mask) throws ErrnoException {
    if ((mask & 2) != 0) {
      throw readOnly();
    }
  }

  @Override
  default void allocate(Request request, long node, long handle, int mode, long offset, long length)
      throws ErrnoException {
    throw readOnly();
  }

  @Override
  default long copyRange(
      Request request,
      long sourceNode,
      long sourceHandle,
      long sourceOffset,
      long targetNode,
      long targetHandle,
      long targetOffset,
      long length)
      throws ErrnoException {
    throw readOnly();
  }
}
