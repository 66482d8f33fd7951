package io.strata.union;

import io.strata.fuse.Attributes;
import io.strata.fuse.Request;
import io.strata.posix.ErrnoException;
import io.strata.posix.NameCalls;
import io.strata.posix.Posix;
import io.strata.posix.Stat;

/**
 * Brings lower files to the upper, whole or not at all: made in the work directory, then moved into
 * place. A failure leaves the lower file visible and nothing behind.
 *
 * <p>Locking: data is copied under the node's own {@link Node#copyUp}, without the name lock;
 * everything appears under the exclusive name lock.
 */
final class CopyUp {
  private final Tree tree;
  private final Posix posix;
  private final DirectoryCopyUp directories;
  private final CopyPlacement placement;

  CopyUp(Tree tree) {
    this.tree = tree;
    this.posix = tree.posix;
    this.directories = new DirectoryCopyUp(tree);
    this.placement = new CopyPlacement(tree, directories);
  }

  /** Brings a node to the upper with all its data; called without the name lock. */
  void ensure(Request request, Node node) throws ErrnoException {
    ensure(request, node, Long.MAX_VALUE);
  }

  /** As {@link #ensure(Request, Node)}, but of a file only the first {@code limit} bytes. */
  void ensure(Request request, Node node, long limit) throws ErrnoException {
    tree.upper();
    if (isDone(node)) {
      return;
    }
    synchronized (node.copyUp) {
      if (isDone(node)) {
        return;
      }
      if (!node.isRegular()) {
        copyOther(node);
      } else if (node.inUpper) {
        new MetacopyData(tree).copy(request, node, limit);
      } else {
        copyFile(request, node, limit);
      }
    }
  }

  /** Brings a node to the upper, but of a large file the metadata only. */
  void ensureMetadata(Request request, Node node) throws ErrnoException {
    if (!tree.upper().features().makesMetacopies()) {
      ensure(request, node);
      return;
    }
    if (node.inUpper) {
      return;
    }
    synchronized (node.copyUp) {
      if (!node.inUpper && isLarge(node)) {
        copyMetadata(node);
      }
    }
    if (!node.inUpper) {
      ensure(request, node);
    }
  }

  /**
   * Takes the name lock, shared, for changing a node's metadata: while its data is filled in, that
   * must wait.
   */
  void lockSettled(Node node) {
    tree.lock.readLock().lock();
    while (node.kept != null) {
      tree.lock.readLock().unlock();
      synchronized (node.copyUp) { // held until all is there
        tree.lock.readLock().lock();
      }
    }
  }

  private boolean isLarge(Node node) throws ErrnoException {
    if (!node.isRegular() || node.nameless) {
      return false;
    }
    Attributes attributes = new Attributes();
    sharedAttributes(node, attributes);
    return attributes.size > tree.upper().features().metacopyAbove();
  }

  private void copyMetadata(Node node) throws ErrnoException {
    Upper upper = tree.upper();
    WorkDirectory work = upper.work();
    byte[] name = work.newName();
    tree.lock.writeLock().lock();
    try {
      if (node.links.isEmpty()) {
        return; // without a name, nobody would find the data: it is copied whole
      }
      Attributes attributes = new Attributes();
      node.lower().attributes(attributes);
      posix.names().mknod(work.descriptor(), name, Stat.S_IFREG | 0600, 0);
      Place made = work.place(name);
      made.truncate(attributes.size);
      made.setXattr(upper.xattrs().metacopy(), new byte[0], 0);
      placement.finish(node, name, false);
    } catch (ErrnoException e) {
      work.discard(name);
      throw e;
    } finally {
      tree.lock.writeLock().unlock();
    }
  }

  private static boolean isDone(Node node) {
    return node.inUpper && (node.dataInUpper || !node.isRegular());
  }

  private void copyOther(Node node) throws ErrnoException {
    tree.lock.writeLock().lock();
    try {
      if (node.isDirectory()) {
        directories.ensure(node);
      } else if (!node.inUpper) {
        byte[] name = tree.upper().work().newName();
        make(node, name);
        placement.finish(node, name, true);
      }
    } finally {
      tree.lock.writeLock().unlock();
    }
  }

  private void make(Node node, byte[] name) throws ErrnoException {
    WorkDirectory work = tree.upper().work();
    if (node.isLink()) {
      posix.names().symlink(node.lower().readLink(), work.descriptor(), name);
      return;
    }
    Attributes attributes = new Attributes();
    node.lower().attributes(attributes);
    boolean own =
        attributes.uid == posix.processes().effectiveUser()
            && attributes.gid == posix.processes().effectiveGroup();
    new SpecialFiles(posix, tree.overrides())
        .make(
            work.place(name),
            node.type | 0600,
            Whiteouts.stored(node.type, attributes.device),
            own);
  }

  private void copyFile(Request request, Node node, long limit) throws ErrnoException {
    WorkDirectory work = tree.upper().work();
    byte[] name = work.newName();
    int flags = NameCalls.O_CREAT | NameCalls.O_EXCL | NameCalls.O_RDWR;
    int fd = posix.names().open(work.descriptor(), name, flags, 0600);
    try (LowerReader source = openLower(node)) {
      Attributes attributes = new Attributes();
      sharedAttributes(node, attributes);
      new DataCopy(tree.upper().settling(), request, source, fd)
          .copy(Math.min(attributes.size, limit));
      tree.lock.writeLock().lock();
      try {
        placement.finish(node, name, true);
      } finally {
        tree.lock.writeLock().unlock();
      }
    } catch (ErrnoException e) {
      work.discard(name);
      throw e;
    } finally {
      posix.files().close(fd);
    }
  }

  /** Opens the lower file of a node; called without the name lock. */
  LowerReader openLower(Node node) throws ErrnoException {
    tree.lock.readLock().lock();
    try {
      return node.lower().open();
    } finally {
      tree.lock.readLock().unlock();
    }
  }

  private void sharedAttributes(Node node, Attributes attributes) throws ErrnoException {
    tree.lock.readLock().lock();
    try {
      tree.attributes(node, attributes);
    } finally {
      tree.lock.readLock().unlock();
    }
  }

  /** Brings a directory and those above it to the upper; under the exclusive name lock. */
  void directory(Node directory) throws ErrnoException {
    directories.ensure(directory);
  }
}
