package io.strata.fuse;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.NativeBuffer;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** What files of a file system in memory hold: data and extended attributes. */
public abstract class MemoryContents extends MemoryTree implements FileSystem {
  @Override
  public int read(
      Request request,
      long node,
      long handle,
      long offset,
      int size,
      NativeBuffer target,
      int targetOffset)
      throws ErrnoException {
    synchronized (this) {
      MemoryNode file = nodes.node(node);
      int length = (int) Math.clamp(file.size - offset, 0, size);
      target.bytes().put(targetOffset, file.data, (int) offset, length);
      return length;
    }
  }

  @Override
  public synchronized int write(
      Request request,
      long node,
      long handle,
      long offset,
      NativeBuffer source,
      int sourceOffset,
      int size,
      int flags)
      throws ErrnoException {
    MemoryNode file = nodes.node(node);
    if (offset + size > file.size) {
      file.resize(offset + size);
    }
    source.bytes().get(sourceOffset, file.data, (int) offset, size);
    file.modifyNanos = file.changeNanos = MemoryNode.now();
    return size;
  }

  @Override
  public void flush(Request request, long node, long handle) {}

  @Override
  public synchronized void release(long node, long handle, int flags) {
    MemoryNode file = nodes.find(node);
    if (file != null) {
      file.openings--;
      nodes.dropIfUnused(file);
    }
  }

  @Override
  public void fsync(Request request, long node, long handle, boolean dataOnly) {
    request.blocking();
  }

  @Override
  public synchronized void allocate(
      Request request, long node, long handle, int mode, long offset, long length)
      throws ErrnoException {
    MemoryNode file = nodes.node(node);
    if (mode != 0) {
      throw ErrnoException.of(Errno.EOPNOTSUPP);
    }
    file.resize(Math.max(file.size, offset + length));
  }

  @Override
  public synchronized long seek(Request request, long node, long handle, long offset, int whence)
      throws ErrnoException {
    MemoryNode file = nodes.node(node);
    if (offset >= file.size) {
      throw ErrnoException.of(Errno.ENXIO);
    }
    return whence == 3 ? offset : file.size; // all data, and the hole behind
  }

  @Override
  public synchronized long copyRange(
      Request request,
      long sourceNode,
      long sourceHandle,
      long sourceOffset,
      long targetNode,
      long targetHandle,
      long targetOffset,
      long length)
      throws ErrnoException {
    MemoryNode source = nodes.node(sourceNode);
    MemoryNode target = nodes.node(targetNode);
    int size = (int) Math.clamp(source.size - sourceOffset, 0, length);
    byte[] bytes = Arrays.copyOfRange(source.data, (int) sourceOffset, (int) sourceOffset + size);
    if (targetOffset + size > target.size) {
      target.resize(targetOffset + size);
    }
    System.arraycopy(bytes, 0, target.data, (int) targetOffset, size);
    return size;
  }

  @Override
  public synchronized int getXattr(Request request, long node, byte[] name, ByteBuffer target)
      throws ErrnoException {
    byte[] value = nodes.node(node).xattrs.get(MemoryNode.text(name));
    if (value == null) {
      throw ErrnoException.of(Errno.ENODATA);
    }
    return putIfFits(value, target);
  }

  @Override
  public synchronized int listXattr(Request request, long node, ByteBuffer target)
      throws ErrnoException {
    StringBuilder names = new StringBuilder();
    nodes.node(node).xattrs.keySet().forEach(name -> names.append(name).append('\0'));
    return putIfFits(MemoryNode.bytes(names.toString()), target);
  }

  private static int putIfFits(byte[] value, ByteBuffer target) {
    if (value.length <= target.remaining()) {
      target.put(value);
    }
    return value.length;
  }

  @Override
  public synchronized void setXattr(
      Request request, long node, byte[] name, ByteBuffer value, int flags) throws ErrnoException {
    boolean there = nodes.node(node).xattrs.containsKey(MemoryNode.text(name));
    if (there ? flags == 1 : flags == 2) {
      throw ErrnoException.of(there ? Errno.EEXIST : Errno.ENODATA);
    }
    byte[] copy = new byte[value.remaining()];
    value.get(copy);
    nodes.node(node).xattrs.put(MemoryNode.text(name), copy);
  }

  @Override
  public synchronized void removeXattr(Request request, long node, byte[] name)
      throws ErrnoException {
    if (nodes.node(node).xattrs.remove(MemoryNode.text(name)) == null) {
      throw ErrnoException.of(Errno.ENODATA);
    }
  }
}
