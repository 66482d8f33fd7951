package io.strata.union;

import io.strata.fuse.FileSystem;
import io.strata.fuse.Opened;
import io.strata.fuse.Request;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.NameCalls;
import io.strata.posix.NativeBuffer;
import io.strata.posix.Posix;

/**
 * Opens files, and reads and writes them. Called without the name lock; what works on an opening
 * takes none.
 */
final class FileData {
  private static final int FUSE_WRITE_KILL_SUIDGID = 1 << 2;

  private final Tree tree;
  private final Posix posix;
  private final CopyUp copyUp;
  private final Durability durability;
  private final HandleTable<FileHandle> handles;
  private final LowerPages pages;

  FileData(Tree tree, CopyUp copyUp, HandleTable<FileHandle> handles, LowerPages pages) {
    this.tree = tree;
    this.posix = tree.posix;
    this.copyUp = copyUp;
    this.durability = new Durability(tree);
    this.handles = handles;
    this.pages = pages;
  }

  private static boolean writes(int flags) {
    return (flags & NameCalls.O_ACCMODE) != NameCalls.O_RDONLY;
  }

  void open(Request request, Node node, int flags, Opened opened) throws ErrnoException {
    boolean truncates = (flags & NameCalls.O_TRUNC) != 0;
    Protection.checkOpen(node, flags);
    if (writes(flags) || truncates) {
      copyUp.ensure(request, node, truncates ? 0 : Long.MAX_VALUE);
    }
    tree.lock.readLock().lock();
    try {
      give(handle(request, node, flags, truncates), opened);
    } finally {
      tree.lock.readLock().unlock();
    }
  }

  private FileHandle handle(Request request, Node node, int flags, boolean truncates)
      throws ErrnoException {
    if (!node.dataInUpper) {
      return new FileHandle(tree, node, -1, false, node.lower().open());
    }
    Place place = tree.upper().place(node);
    if (!writes(flags) && !truncates) {
      return new FileHandle(tree, node, openForReading(place, flags), false, null);
    }
    int fd = openForWriting(place, flags);
    if (truncates) {
      truncate(request, node, place, fd, flags);
    }
    return new FileHandle(tree, node, fd, true, null);
  }

  /** Where we read for the caller, O_NOATIME is ours to keep; only an owner may ask for it. */
  private static int openForReading(Place place, int flags) throws ErrnoException {
    int noAccess = flags & NameCalls.O_NOATIME;
    try {
      return place.open(NameCalls.O_RDONLY | noAccess);
    } catch (ErrnoException e) {
      if (e.errno() != Errno.EPERM || noAccess == 0) {
        throw e;
      }
      return place.open(NameCalls.O_RDONLY);
    }
  }

  /**
   * For reading too, as the kernel may fill the rest of a page; an owner may forbid himself that. A
   * file with the flag that it only grows is opened for nothing else.
   */
  private static int openForWriting(Place place, int flags) throws ErrnoException {
    try {
      return place.open(NameCalls.O_RDWR);
    } catch (ErrnoException e) {
      boolean appends = (flags & (NameCalls.O_APPEND | NameCalls.O_TRUNC)) == NameCalls.O_APPEND;
      if (e.errno() == Errno.EPERM && appends) {
        return place.open(NameCalls.O_RDWR | NameCalls.O_APPEND);
      }
      if (e.errno() == Errno.EACCES) {
        return place.open(NameCalls.O_WRONLY);
      }
      throw e;
    }
  }

  private void truncate(Request request, Node node, Place place, int fd, int flags)
      throws ErrnoException {
    try {
      posix.files().ftruncate(fd, 0);
      if ((flags & FileSystem.OPEN_KILL_SUIDGID) != 0) {
        AttributeChanges.dropPrivileges(request, node, place);
      }
    } catch (ErrnoException e) {
      posix.files().close(fd);
      throw e;
    }
  }

  /** Hands out an opening of a file that was just made. */
  void created(Node node, int descriptor, Opened opened) {
    give(new FileHandle(tree, node, descriptor, true, null), opened);
  }

  private void give(FileHandle handle, Opened opened) {
    opened.handle = handles.add(handle);
    opened.backingDescriptor = handle.backingDescriptor();
    opened.flags = Opened.FOPEN_KEEP_CACHE | Opened.FOPEN_NOFLUSH;
  }

  /** Reads; a read-only mount may have been told that nothing needs opening, and has no handle. */
  int read(
      Request request,
      long node,
      long handle,
      long offset,
      int size,
      NativeBuffer target,
      int targetOffset)
      throws ErrnoException {
    if (handle == 0) {
      try (LowerReader reader = copyUp.openLower(tree.nodes.get(node))) {
        return readBelow(request, reader, offset, size, target, targetOffset);
      }
    }
    FileHandle opened = handles.get(handle);
    LowerReader below = opened.lower();
    return below != null
        ? readBelow(request, below, offset, size, target, targetOffset)
        : BackingFile.read(posix, opened.descriptor(), offset, size, target, targetOffset);
  }

  private int readBelow(
      Request request,
      LowerReader reader,
      long offset,
      int size,
      NativeBuffer target,
      int targetOffset)
      throws ErrnoException {
    int got = reader.read(offset, size, target, targetOffset);
    pages.read(request, reader, offset, got);
    return got;
  }

  int write(
      Request request,
      long handle,
      long offset,
      NativeBuffer source,
      int sourceOffset,
      int size,
      int flags)
      throws ErrnoException {
    FileHandle opened = handles.get(handle);
    if ((flags & FUSE_WRITE_KILL_SUIDGID) != 0) {
      dropPrivileges(request, opened.node());
    }
    return BackingFile.write(posix, opened.descriptor(), offset, size, source, sourceOffset);
  }

  private void dropPrivileges(Request request, Node node) throws ErrnoException {
    tree.lock.readLock().lock();
    try {
      AttributeChanges.dropPrivileges(request, node, tree.upper().place(node));
    } finally {
      tree.lock.readLock().unlock();
    }
  }

  void release(long handle) {
    FileHandle opened = handles.remove(handle);
    if (opened != null) {
      opened.close(posix);
    }
  }

  /** Closes what is still open: the kernel releases nothing any more once a mount is gone. */
  void releaseAll() {
    handles.removeAll(opened -> opened.close(posix));
  }

  void fsync(Request request, long handle, boolean dataOnly) throws ErrnoException {
    FileHandle opened = handles.get(handle);
    if (opened.lower() != null) {
      return;
    }
    request.blocking();
    durability.file(opened.node(), opened.descriptor(), dataOnly);
  }

  void allocate(Request request, long handle, int mode, long offset, long length)
      throws ErrnoException {
    request.blocking();
    posix.files().fallocate(handles.get(handle).descriptor(), mode, offset, length);
  }

  long seek(long node, long handle, long offset, int whence) throws ErrnoException {
    if (handle == 0) {
      try (LowerReader reader = copyUp.openLower(tree.nodes.get(node))) {
        return reader.seek(offset, whence);
      }
    }
    FileHandle opened = handles.get(handle);
    LowerReader below = opened.lower();
    return below != null
        ? below.seek(offset, whence)
        : posix.files().lseek(opened.descriptor(), offset, whence);
  }

  long copyRange(
      Request request,
      long sourceHandle,
      long sourceOffset,
      long targetHandle,
      long targetOffset,
      long length)
      throws ErrnoException {
    FileHandle source = handles.get(sourceHandle);
    LowerReader below = source.lower();
    int from = below != null ? below.descriptor() : source.descriptor();
    if (from < 0) {
      throw ErrnoException.of(Errno.EXDEV); // from an image: the kernel copies by reading
    }
    request.blocking();
    int to = handles.get(targetHandle).descriptor();
    return posix.files().copyFileRange(from, sourceOffset, to, targetOffset, length);
  }
}
