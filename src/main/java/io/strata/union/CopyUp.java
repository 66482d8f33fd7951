package io.strata.union;

import static java.util.Objects.requireNonNull;

import io.strata.fuse.Attributes;
import io.strata.fuse.Request;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.NameCalls;
import io.strata.posix.Posix;
import io.strata.posix.Stat;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Brings lower files to the upper, whole or not at all: made in the work directory, then moved into
 * place. A failure leaves the lower file visible and nothing behind.
 *
 * <p>Locking: data is copied under the node's own {@link Node#copyUp}, without the name lock;
 * everything appears under the exclusive name lock.
 */
final class CopyUp {
  /** Up to this many bytes are copied with the metadata: that is soon done, and once for all. */
  private static final long METACOPY_ABOVE = 256 << 10;

  private final Tree tree;
  private final Posix posix;

  CopyUp(Tree tree) {
    this.tree = tree;
    this.posix = tree.posix;
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
    if (!tree.upper().features().metacopy()) {
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
    return attributes.size > METACOPY_ABOVE;
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
      finish(node, name, false);
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
        directory(node);
      } else if (!node.inUpper) {
        byte[] name = tree.upper().work().newName();
        make(node, name);
        finish(node, name, true);
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
      new DataCopy(tree.upper().settling(), request, source, fd).copy(Math.min(attributes.size, limit));
      tree.lock.writeLock().lock();
      try {
        finish(node, name, true);
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

  /**
   * Gives the copy its attributes and its place.
   *
   * @param withData false for one that has only the attributes
   */
  private void finish(Node node, byte[] name, boolean withData) throws ErrnoException {
    Upper upper = tree.upper();
    Place made = upper.work().place(name);
    try {
      Origin origin = Origin.ofCopy(node.lower(), withData);
      new MetadataCopy(upper.form()).copy(node.lower(), made, origin);
      place(node, made, withData);
    } catch (ErrnoException e) {
      upper.work().discard(name);
      throw e;
    }
  }

  private void place(Node node, Place made, boolean withData) throws ErrnoException {
    List<Node.Link> links = List.copyOf(node.links);
    for (Node.Link link : links) {
      directory(link.parent());
    }
    long inode = Upper.inodeAt(made);
    if (links.isEmpty()) {
      node.pin = made.open(NameCalls.O_PATH | NameCalls.O_NOFOLLOW);
      posix.names().unlink(made.descriptor(), made.name());
      isUpper(node, inode, 0, withData);
    } else if (node.lower().linkCount() > 1) {
      placeIndexed(node, made, inode, links, withData);
    } else {
      moveTo(links.getFirst(), made);
      isUpper(node, inode, 0, withData);
    }
  }

  private void isUpper(Node node, long inode, int linkDifference, boolean withData) {
    node.upperInode = inode;
    node.linkDifference = linkDifference;
    node.dataInUpper = withData; // first: who sees inUpper without the lock asks for it
    node.unsynced = true;
    node.inUpper = true;
    tree.copiedUp(node);
  }

  /** Puts a file of several names into the index, and its known names beside it. */
  private void placeIndexed(
      Node node, Place made, long inode, List<Node.Link> links, boolean withData)
      throws ErrnoException {
    LinkIndex index = new LinkIndex(posix, tree.upper());
    int names = node.lower().linkCount() + node.linkDifference;
    byte[] indexName = Origin.ofIndexed(node.lower()).indexName();
    index.announce(made, names);
    index.writeDifference(made, names - 1 - links.size());
    posix.names().rename(made.descriptor(), made.name(), tree.upper().index(), indexName, 0);
    node.indexName = indexName;
    int linked = linkNames(index.place(indexName), links);
    isUpper(node, inode, names - 1 - linked, withData);
    index.settle(index.place(indexName), node.linkDifference);
  }

  /** A name that can't be linked (the directory is full) finds the file through the index. */
  private int linkNames(Place indexed, List<Node.Link> links) {
    int linked = 0;
    for (Node.Link link : links) {
      try {
        int target = tree.upper().directory(link.parent());
        keepTimes(link.parent(), () -> indexed.link(target, link.name().bytes()));
        linked++;
      } catch (ErrnoException e) {
        continue;
      }
    }
    return linked;
  }

  private void moveTo(Node.Link link, Place made) throws ErrnoException {
    int target = tree.upper().directory(link.parent());
    keepTimes(
        link.parent(),
        () -> posix.names().rename(made.descriptor(), made.name(), target, link.name().bytes(), 0));
  }

  /** Brings a directory and those above it to the upper; under the exclusive name lock. */
  void directory(Node directory) throws ErrnoException {
    if (directory.inUpper) {
      return;
    }
    if (directory.removed) {
      throw ErrnoException.of(Errno.ENOENT);
    }
    Deque<Node> missing = new ArrayDeque<>();
    for (Node at = directory; !at.inUpper; at = requireNonNull(at.link()).parent()) {
      missing.push(at);
    }
    for (Node next : missing) {
      one(next);
    }
  }

  private void one(Node directory) throws ErrnoException {
    Upper upper = tree.upper();
    WorkDirectory work = upper.work();
    byte[] name = work.newName();
    posix.names().mkdir(work.descriptor(), name, 0700);
    Place made = work.place(name);
    try {
      new MetadataCopy(upper.form())
          .copy(directory.lower(), made, Origin.ofIndexed(directory.lower()));
      Stat stat = new Stat();
      made.stat(stat);
      moveTo(requireNonNull(directory.link()), made);
      directory.upperInode = stat.inode;
    } catch (ErrnoException e) {
      work.discard(name);
      throw e;
    }
    directory.unsynced = true;
    directory.inUpper = true;
    directory.dataInUpper = true;
    tree.copiedUp(directory);
  }

  /** What happens to a directory of the upper without its times being touched. */
  private interface Step {
    void run() throws ErrnoException;
  }

  /** A copied-up entry is nothing new in its directory: that keeps its times, and is impure. */
  private void keepTimes(Node parent, Step step) throws ErrnoException {
    Upper upper = tree.upper();
    Place place = upper.self(upper.directory(parent));
    Stat before = new Stat();
    place.stat(before);
    if (!parent.impure) {
      place.setXattr(upper.xattrs().impure(), OverlayXattrs.YES, 0);
      parent.impure = true;
    }
    step.run();
    place.setTimes(
        before.accessSeconds, before.accessNanos, before.modifySeconds, before.modifyNanos);
  }
}
