package io.strata.union;

import static java.util.Objects.requireNonNull;

import io.strata.fuse.StatFs;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.FileSystemStat;
import io.strata.posix.NameCalls;
import io.strata.posix.Posix;
import io.strata.posix.Stat;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The writable layer: where its files are reached.
 *
 * <p>Locking: places and descriptors are valid while the caller holds the name lock.
 */
final class Upper implements AutoCloseable {
  /** For st_ino and node ids of what is only here. */
  static final LayerIds IDS = new LayerIds(LayerIds.UPPER);

  private final Posix posix;
  private final UpperDirectories directories;
  private final UpperForm form;
  private final UpperFeatures features;
  private final Settling settling;
  private final WorkDirectory work;
  private final WhiteoutMaker whiteouts;
  private final @Nullable LinkOwners links;
  private final Descriptors descriptors;
  private volatile @Nullable Boolean directoryAccess; // null while nobody has asked
  private volatile boolean indexedByKernel;

  Upper(
      Posix posix,
      UpperDirectories directories,
      UpperForm form,
      UpperFeatures features,
      Settling settling,
      WorkDirectory work,
      @Nullable LinkOwners links,
      Descriptors descriptors) {
    this.posix = posix;
    this.links = links;
    this.directories = directories;
    this.form = form;
    this.features = features;
    this.settling = settling;
    this.work = work.overriding(form.overrides(), links);
    this.whiteouts = new WhiteoutMaker(posix, this.work, form);
    this.descriptors = descriptors;
  }

  OverlayXattrs xattrs() {
    return form.xattrs();
  }

  UpperForm form() {
    return form;
  }

  UpperFeatures features() {
    return features;
  }

  /** How the data of copies comes to the disk in time. */
  Settling settling() {
    return settling;
  }

  WhiteoutMaker whiteouts() {
    return whiteouts;
  }

  WorkDirectory work() {
    return work;
  }

  /** The index of lower files with several names, an O_PATH descriptor. */
  int index() {
    return directories.index();
  }

  /** Says whether the index may have files of directories under the kernel's names. */
  void indexedByKernel(boolean is) {
    indexedByKernel = is;
  }

  boolean isIndexedByKernel() {
    return indexedByKernel;
  }

  Place rootPlace() {
    return self(directories.root());
  }

  /** Where a node that is in the upper is reached. */
  Place place(Node node) throws ErrnoException {
    byte[] indexName = node.indexName;
    if (node.pin >= 0) {
      return self(node.pin);
    }
    if (indexName != null) {
      return indexPlace(indexName);
    }
    Node.Link link = node.link();
    return link == null ? rootPlace() : place(link.parent(), link.name());
  }

  /** Where {@code name} in a directory that is in the upper is reached, or would be. */
  Place place(Node parent, Name name) throws ErrnoException {
    return new Place(posix, directory(parent), name.bytes(), form.overrides(), links);
  }

  Place indexPlace(byte[] indexName) {
    return new Place(posix, directories.index(), indexName, form.overrides(), links);
  }

  /** What a descriptor of something in the upper holds. */
  Place self(int descriptor) {
    return Place.self(posix, descriptor).overriding(form.overrides(), links);
  }

  /** An O_PATH descriptor of a directory that is in the upper. */
  int directory(Node node) throws ErrnoException {
    Deque<Node> closed = new ArrayDeque<>();
    Node at = node;
    int descriptor;
    while ((descriptor = openDescriptor(at)) < 0) {
      closed.push(at);
      at = requireNonNull(at.link()).parent();
    }
    for (Node next : closed) {
      descriptor = open(descriptor, next);
    }
    return descriptor;
  }

  private int openDescriptor(Node node) {
    if (node.pin >= 0) {
      return node.pin;
    }
    return node.link() == null ? directories.root() : descriptors.get(node.slot);
  }

  private int open(int directory, Node node) throws ErrnoException {
    int flags = NameCalls.O_PATH | NameCalls.O_NOFOLLOW | NameCalls.O_DIRECTORY;
    byte[] name = requireNonNull(node.link()).name().bytes();
    return descriptors.install(node.slot, posix.names().open(directory, name, flags, 0));
  }

  /**
   * Says of a directory that it holds copies, before one comes: kernel overlayfs looks for their
   * numbers only where that is said, when it lists. It is nothing to fail for on a full disk.
   */
  void holdsCopies(Node directory) throws ErrnoException {
    if (directory.impure) {
      return;
    }
    try {
      self(directory(directory)).setXattr(xattrs().impure(), OverlayXattrs.YES, 0);
      directory.impure = true;
    } catch (ErrnoException e) {
      if (e.errno() != Errno.ENOSPC && e.errno() != Errno.EDQUOT) {
        throw e;
      }
    }
  }

  /** Keeps hold of a node that is about to lose its last known name. */
  void pin(Node node) throws ErrnoException {
    if (node.pin < 0) {
      node.pin = place(node).open(NameCalls.O_PATH | NameCalls.O_NOFOLLOW);
      descriptors.close(node.slot);
    }
  }

  /** The last name of a file went: what is kept of it beside the upper goes, too. */
  void forgetOwner(Node node) throws ErrnoException {
    if (links != null && !node.isRegular() && !node.isDirectory()) {
      links.forget(node.upperInode);
    }
  }

  /** Gives back what a node holds open. */
  void letGo(Node node) {
    descriptors.close(node.slot);
    unpin(node);
  }

  void unpin(Node node) {
    if (node.pin >= 0) {
      posix.files().close(node.pin);
      node.pin = -1;
    }
  }

  /** The backing inode number behind a place. */
  static long inodeAt(Place place) throws ErrnoException {
    Stat stat = new Stat();
    place.stat(stat);
    return stat.inode;
  }

  /** Whether its mount has reading a directory set the time of access: not with noatime. */
  boolean keepsDirectoryAccess() throws ErrnoException {
    Boolean known = directoryAccess;
    if (known == null) {
      known = posix.files().statfs(directories.root()).keepsDirectoryAccess();
      directoryAccess = known;
    }
    return known;
  }

  /** The numbers of the file system on which the upper is. */
  void statFs(StatFs numbers) throws ErrnoException {
    FileSystemStat stat = posix.files().statfs(directories.root());
    numbers.blockSize = (int) stat.blockSize();
    numbers.fragmentSize = (int) stat.fragmentSize();
    numbers.blocks = stat.blocks();
    numbers.freeBlocks = stat.freeBlocks();
    numbers.availableBlocks = stat.availableBlocks();
    numbers.files = stat.files();
    numbers.freeFiles = stat.freeFiles();
  }

  @Override
  public void close() {
    if (links != null) {
      links.close();
    }
    whiteouts.close();
    directories.close();
  }
}
