package io.strata.union;

import io.strata.fuse.AttributeChange;
import io.strata.fuse.Attributes;
import io.strata.fuse.Connection;
import io.strata.fuse.DirectorySink;
import io.strata.fuse.Entry;
import io.strata.fuse.Features;
import io.strata.fuse.FileSystem;
import io.strata.fuse.Opened;
import io.strata.fuse.Request;
import io.strata.fuse.StatFs;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.NativeBuffer;
import io.strata.posix.Posix;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Several layers as one tree: any number of lower ones and, unless the union is read-only, an upper
 * that takes every change. See the package for terms and locking.
 *
 * <p>Thread-safe.
 */
public final class UnionFileSystem implements FileSystem, AutoCloseable {
  private final Layers layers;
  private final Tree tree;
  private final Lookups lookups;
  private final FileData files;
  private final DirectoryData directories;
  private final NameChanges names;
  private final AttributeChanges attributeChanges;
  private final Xattrs xattrs;
  private final LowerPages pages;
  private final InodeFlags inodeFlags;
  private final AtomicBoolean closed = new AtomicBoolean();

  private UnionFileSystem(Layers layers, Tree tree) {
    this.layers = layers;
    this.tree = tree;
    this.lookups = new Lookups(tree, layers.descriptors());
    CopyUp copyUp = new CopyUp(tree);
    HandleTable<FileHandle> handles = new HandleTable<>();
    this.pages = new LowerPages(tree);
    this.files = new FileData(tree, copyUp, handles, pages);
    this.directories = new DirectoryData(tree, pages);
    this.names = new NameChanges(tree, copyUp, files);
    this.attributeChanges = new AttributeChanges(tree, copyUp, handles);
    this.xattrs = new Xattrs(tree, copyUp);
    this.inodeFlags = new InodeFlags(tree, copyUp);
  }

  /**
   * Puts a union together. With an upper, the umask of the whole process becomes 0, since files are
   * made with the modes that callers ask for.
   *
   * @param lowers 1 to 200 layers, the topmost first
   * @param upper the writable layer, locked until {@link #close}; null for a read-only union
   * @param log hears of damage in images
   * @throws UnionException if a layer can't be used, with the reason and the way out
   */
  public static UnionFileSystem open(
      List<LowerLayer> lowers, @Nullable UpperLayer upper, DamageLog log) throws UnionException {
    return open(lowers, upper, Attributes.FOREVER, log);
  }

  /**
   * The same, where the kernel may not keep what it learns for ever.
   *
   * @param lifetime how long it may, in nanoseconds
   */
  public static UnionFileSystem open(
      List<LowerLayer> lowers, @Nullable UpperLayer upper, long lifetime, DamageLog log)
      throws UnionException {
    return open(lowers, upper, null, lifetime, log);
  }

  /** The same with an upper of a certain form, whatever is possible here. */
  static UnionFileSystem open(
      List<LowerLayer> lowers,
      @Nullable UpperLayer upper,
      @Nullable UpperForm form,
      long lifetime,
      DamageLog log)
      throws UnionException {
    Posix posix = Posix.system();
    Layers layers = Layers.open(posix, lowers, upper, form, log);
    try {
      UnionFileSystem union = new UnionFileSystem(layers, layers.tree(lifetime));
      if (upper != null) {
        posix.processes().umask(0);
      }
      return union;
    } catch (UnionException e) {
      layers.close();
      throw e;
    }
  }

  /** Gives back everything that is open and the lock on the upper; images stay open. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      files.releaseAll();
      tree.nodes.dropAll();
      layers.close();
    }
  }

  @Override
  public Features features() {
    boolean writable = tree.isWritable();
    return new Features(!writable, false, writable, writable, true, tree.lifetime);
  }

  @Override
  public void start(Connection connection) {
    pages.start(connection);
    inodeFlags.start(connection);
  }

  /** Closes. */
  @Override
  public void stop() {
    close();
  }

  @Override
  public void lookup(Request request, long parent, byte[] name, Entry entry) throws ErrnoException {
    lookups.lookUp(request, parent, name, entry);
  }

  @Override
  public void forget(long node, long count) {
    tree.nodes.forget(node, count);
  }

  /** Of files that were made in the upper. */
  @Override
  public boolean tellsBirth() {
    return tree.isWritable();
  }

  @Override
  public void getAttributes(
      Request request, long node, boolean hasHandle, long handle, Attributes attributes)
      throws ErrnoException {
    lookups.attributes(tree.nodes.get(node), attributes);
  }

  @Override
  public void setAttributes(
      Request request, long node, AttributeChange change, Attributes attributes)
      throws ErrnoException {
    Node found = tree.nodes.get(node);
    attributeChanges.apply(request, found, change);
    lookups.attributes(found, attributes);
  }

  @Override
  public byte[] readLink(Request request, long node) throws ErrnoException {
    return lookups.readLink(tree.nodes.get(node));
  }

  @Override
  public void symlink(Request request, long parent, byte[] name, byte[] target, Entry entry)
      throws ErrnoException {
    names.symlink(request, tree.directory(parent), name, target, entry);
  }

  @Override
  public void makeNode(
      Request request, long parent, byte[] name, int mode, int umask, long device, Entry entry)
      throws ErrnoException {
    names.makeNode(request, tree.directory(parent), name, mode, umask, device, entry);
  }

  @Override
  public void makeDirectory(
      Request request, long parent, byte[] name, int mode, int umask, Entry entry)
      throws ErrnoException {
    names.makeDirectory(request, tree.directory(parent), name, mode, umask, entry);
  }

  @Override
  public void unlink(Request request, long parent, byte[] name) throws ErrnoException {
    names.unlink(request, tree.directory(parent), name);
  }

  @Override
  public void removeDirectory(Request request, long parent, byte[] name) throws ErrnoException {
    names.removeDirectory(tree.directory(parent), name);
  }

  @Override
  public void rename(
      Request request, long parent, byte[] name, long newParent, byte[] newName, int flags)
      throws ErrnoException {
    Node to = tree.directory(newParent);
    names.rename(request, tree.directory(parent), name, to, newName, flags);
  }

  @Override
  public void link(Request request, long node, long newParent, byte[] newName, Entry entry)
      throws ErrnoException {
    names.link(request, tree.nodes.get(node), tree.directory(newParent), newName, entry);
  }

  @Override
  public void open(Request request, long node, int flags, Opened opened) throws ErrnoException {
    files.open(request, tree.nodes.get(node), flags, opened);
  }

  @Override
  public void create(
      Request request,
      long parent,
      byte[] name,
      int flags,
      int mode,
      int umask,
      Entry entry,
      Opened opened)
      throws ErrnoException {
    names.files().create(request, tree.directory(parent), name, flags, mode, umask, entry, opened);
  }

  @Override
  public void createUnnamed(
      Request request, long parent, int flags, int mode, int umask, Entry entry, Opened opened)
      throws ErrnoException {
    names.files().unnamed(request, tree.directory(parent), mode, umask, entry, opened);
  }

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
    return files.read(request, node, handle, offset, size, target, targetOffset);
  }

  @Override
  public int write(
      Request request,
      long node,
      long handle,
      long offset,
      NativeBuffer source,
      int sourceOffset,
      int size,
      int flags)
      throws ErrnoException {
    return files.write(request, handle, offset, source, sourceOffset, size, flags);
  }

  @Override
  public void flush(Request request, long node, long handle) {}

  @Override
  public void release(long node, long handle, int flags) {
    files.release(handle);
  }

  @Override
  public void fsync(Request request, long node, long handle, boolean dataOnly)
      throws ErrnoException {
    files.fsync(request, handle, dataOnly);
  }

  @Override
  public void openDirectory(Request request, long node, int flags, Opened opened)
      throws ErrnoException {
    throw ErrnoException.of(Errno.ENOSYS);
  }

  @Override
  public void readDirectory(
      Request request, long node, long handle, long offset, DirectorySink sink)
      throws ErrnoException {
    directories.read(request, tree.directory(node), offset, sink);
  }

  @Override
  public void releaseDirectory(long node, long handle) {}

  @Override
  public void fsyncDirectory(Request request, long node, long handle, boolean dataOnly)
      throws ErrnoException {
    request.blocking();
    directories.fsync(tree.directory(node), dataOnly);
  }

  @Override
  public void statFs(Request request, long node, StatFs numbers) throws ErrnoException {
    numbers.nameLength = Name.MAX;
    if (tree.isWritable()) {
      tree.upper().statFs(numbers);
    } else {
      numbers.blockSize = 4096;
      numbers.fragmentSize = 4096;
    }
  }

  @Override
  public int getXattr(Request request, long node, byte[] name, ByteBuffer target)
      throws ErrnoException {
    return xattrs.get(tree.nodes.get(node), OverlayXattrs.stored(name), target);
  }

  @Override
  public int listXattr(Request request, long node, ByteBuffer target) throws ErrnoException {
    return xattrs.list(request, tree.nodes.get(node), target);
  }

  @Override
  public void setXattr(Request request, long node, byte[] name, ByteBuffer value, int flags)
      throws ErrnoException {
    xattrs.set(request, tree.nodes.get(node), OverlayXattrs.stored(name), value, flags);
  }

  @Override
  public void removeXattr(Request request, long node, byte[] name) throws ErrnoException {
    xattrs.remove(request, tree.nodes.get(node), OverlayXattrs.stored(name));
  }

  /** The kernel has checked, and so has every transport that we have. */
  @Override
  public void access(Request request, long node, int mask) {}

  @Override
  public void allocate(Request request, long node, long handle, int mode, long offset, long length)
      throws ErrnoException {
    files.allocate(request, handle, mode, offset, length);
  }

  @Override
  public long seek(Request request, long node, long handle, long offset, int whence)
      throws ErrnoException {
    return files.seek(node, handle, offset, whence);
  }

  @Override
  public long copyRange(
      Request request,
      long sourceNode,
      long sourceHandle,
      long sourceOffset,
      long targetNode,
      long targetHandle,
      long targetOffset,
      long length)
      throws ErrnoException {
    return files.copyRange(request, sourceHandle, sourceOffset, targetHandle, targetOffset, length);
  }

  @Override
  public int ioctl(Request request, long node, int command, ByteBuffer argument)
      throws ErrnoException {
    return inodeFlags.ioctl(request, tree.nodes.get(node), command, argument);
  }
}
