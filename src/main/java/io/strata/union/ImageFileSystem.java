package io.strata.union;

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
import io.strata.squashfs.DirectoryInode;
import io.strata.squashfs.FileInode;
import io.strata.squashfs.Inode;
import io.strata.squashfs.SquashFsImage;
import io.strata.squashfs.SymlinkInode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One image, read-only. It keeps nothing per node or opening: a node id is the reference of the
 * SquashFS inode, so ids are stable across mounts, FORGET is free, and everything may be cached for
 * ever.
 *
 * <p>So a file handle (name_to_handle_at(2), NFS) outlives the kernel's memory of its node and the
 * mount: the id in it leads to the inode again, its generation tells this image from others, and
 * what is no inode's id is stale.
 *
 * <p>Thread-safe, without locks of its own. The image stays the caller's: it is to be closed when
 * the mount has ended.
 */
public final class ImageFileSystem implements ReadOnlyFileSystem {
  private static final LayerIds IDS = new LayerIds(0);
  private static final long REFERENCE = (1L << LayerIds.SHIFT) - 1;
  private static final byte[] DOT_DOT = {'.', '.'};

  private final SquashFsImage image;
  private final long root;
  private final long lifetime;
  private final ImageReading reading;
  private final @Nullable Subtree subtree;
  private final ThreadLocal<ImageListing> listings;
  private volatile @Nullable PageStore pages; // null before start

  /**
   * Serves {@code layer}.
   *
   * @param lifetime how long the kernel may keep what it learns, in nanoseconds
   * @param log hears of damage
   */
  public ImageFileSystem(LowerLayer.Image layer, long lifetime, DamageLog log) {
    this.image = layer.image();
    this.root = layer.root();
    this.lifetime = lifetime;
    this.reading = new ImageReading(layer, log);
    this.subtree = root == image.rootReference() ? null : new Subtree(reading);
    this.listings = ThreadLocal.withInitial(() -> new ImageListing(reading, this::fillEntry));
  }

  @Override
  public Features features() {
    boolean export = subtree == null || subtree.isCountable();
    return new Features(true, false, false, false, export, lifetime);
  }

  @Override
  public void start(Connection connection) {
    pages =
        new PageStore(
            image,
            (file, offset, buffer, from, length) ->
                connection.store(IDS.nodeId(file.reference()), offset, buffer, from, length));
  }

  @Override
  public void stop() {}

  /** The inode that {@code node} stands for; ESTALE if it can't be an inode's. */
  private Inode inode(long node) throws ErrnoException {
    if (node == FileSystem.ROOT) {
      return reading.inode(root);
    }
    long reference = node & REFERENCE;
    if (node != IDS.nodeId(reference) || reference == root) {
      throw ErrnoException.of(Errno.ESTALE);
    }
    return reading.inodeOfHandle(reference);
  }

  private void fillEntry(Inode inode, Entry entry) {
    boolean isRoot = inode.reference() == root;
    entry.node = isRoot ? FileSystem.ROOT : IDS.nodeId(inode.reference());
    entry.generation = isRoot ? 0 : image.identity(); // the kernel made the root's node, with 0
    entry.lifetime = lifetime;
    fillAttributes(inode, entry.attributes);
  }

  private void fillAttributes(Inode inode, Attributes attributes) {
    reading.fill(inode, attributes);
    attributes.inode = inode.inodeNumber();
    attributes.lifetime = lifetime;
  }

  @Override
  public void lookup(Request request, long parent, byte[] name, Entry entry) throws ErrnoException {
    Inode inode = inode(parent);
    if (Name.isSelf(name)) {
      checkHandle(request, inode);
      fillEntry(inode, entry);
      return;
    }
    DirectoryInode directory = ImageReading.directory(inode);
    boolean up = Arrays.equals(name, DOT_DOT);
    long found = up ? above(request, directory) : reading.lookup(directory, name);
    if (found == SquashFsImage.NOT_FOUND) {
      entry.node = 0;
      entry.lifetime = lifetime;
    } else {
      fillEntry(reading.inode(found), entry);
    }
  }

  /** What a kernel knows by its node id only, from a file handle, which may be made up. */
  private void checkHandle(Request request, Inode inode) throws ErrnoException {
    announceScan(request);
    reading.checkHandle(inode.reference());
    if (subtree != null && !subtree.contains(request, inode)) {
      throw ErrnoException.of(Errno.ESTALE);
    }
  }

  /** The directory above one: for a kernel that knows it only by its node id. */
  private long above(Request request, DirectoryInode directory) throws ErrnoException {
    if (directory.reference() == root) {
      return root;
    }
    announceScan(request);
    return reading.above(directory);
  }

  /** Without an export table the image is searched through once. */
  private void announceScan(Request request) {
    if (!image.isExportable()) {
      request.blocking();
    }
  }

  @Override
  public void forget(long node, long count) {}

  @Override
  public void getAttributes(
      Request request, long node, boolean hasHandle, long handle, Attributes attributes)
      throws ErrnoException {
    fillAttributes(inode(node), attributes);
  }

  @Override
  public byte[] readLink(Request request, long node) throws ErrnoException {
    if (!(inode(node) instanceof SymlinkInode link)) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    try {
      return image.symlinkTarget(link);
    } catch (IOException e) {
      throw reading.failed(e);
    }
  }

  @Override
  public void open(Request request, long node, int flags, Opened opened) throws ErrnoException {
    ReadOnlyFileSystem.checkOpen(flags);
    opened.flags = Opened.FOPEN_KEEP_CACHE | Opened.FOPEN_NOFLUSH;
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
    FileInode file = ImageReading.file(inode(node));
    try {
      int got = image.read(file, offset, size, target, targetOffset);
      if (got > 0 && pages != null) {
        pages.read(request, file, offset, got);
      }
      return got;
    } catch (IOException e) {
      throw reading.failed(e);
    }
  }

  @Override
  public void release(long node, long handle, int flags) {}

  @Override
  public void openDirectory(Request request, long node, int flags, Opened opened) {
    opened.flags = Opened.FOPEN_KEEP_CACHE | Opened.FOPEN_CACHE_DIR;
  }

  @Override
  public void readDirectory(
      Request request, long node, long handle, long offset, DirectorySink sink)
      throws ErrnoException {
    DirectoryInode directory = ImageReading.directory(inode(node));
    boolean more = listings.get().read(directory, offset, sink);
    if (!more && pages != null) {
      pages.listed(request, directory.reference());
    }
  }

  @Override
  public void releaseDirectory(long node, long handle) {}

  /** As {@code squashfs_statfs} of fs/squashfs/super.c, but for names: Linux has 255 bytes. */
  @Override
  public void statFs(Request request, long node, StatFs numbers) {
    int blockSize = image.superblock().blockSize();
    numbers.blockSize = blockSize;
    numbers.fragmentSize = blockSize;
    numbers.blocks = (image.superblock().bytesUsed() + blockSize - 1) / blockSize;
    numbers.files = image.superblock().inodes();
    numbers.nameLength = Name.MAX;
  }

  @Override
  public int getXattr(Request request, long node, byte[] name, ByteBuffer target)
      throws ErrnoException {
    Inode inode = inode(node);
    if (!inode.hasXattrs()) {
      throw ErrnoException.of(Errno.ENODATA);
    }
    try {
      return XattrBuffers.putValue(image.xattr(inode, name), target);
    } catch (IOException e) {
      throw reading.failed(e);
    }
  }

  @Override
  public int listXattr(Request request, long node, ByteBuffer target) throws ErrnoException {
    Inode inode = inode(node);
    try {
      List<byte[]> names = image.xattrNames(inode);
      return XattrBuffers.putNames(names, request.uid() == 0, target);
    } catch (IOException e) {
      throw reading.failed(e);
    }
  }

  @Override
  public long seek(Request request, long node, long handle, long offset, int whence)
      throws ErrnoException {
    return reading.seek(ImageReading.file(inode(node)), offset, whence);
  }
}
