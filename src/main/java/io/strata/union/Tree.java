package io.strata.union;

import io.strata.fuse.Attributes;
import io.strata.fuse.Entry;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.Posix;
import io.strata.posix.Stat;
import java.util.List;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * The union's tree: finds nodes, and knows what they are.
 *
 * <p>Unless it says otherwise, a method is called under the name lock.
 */
final class Tree {
  /** The name lock: which names lead where, and which layer has what. */
  final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

  final Posix posix;
  final NodeTable nodes;
  final Locator locator;

  /** How long the kernel may keep what it learns, in nanoseconds. */
  final long lifetime;

  private final @Nullable Upper upper;
  private final @Nullable UpperNodes upperNodes;
  private final LowerMerge merge;

  Tree(Posix posix, @Nullable Upper upper, LowerMerge merge, Node root, long lifetime) {
    this.posix = posix;
    this.upper = upper;
    this.lifetime = lifetime;
    this.merge = merge;
    this.nodes = new NodeTable(root, this::letGo);
    this.upperNodes = upper == null ? null : new UpperNodes(posix, upper, merge, nodes);
    this.locator = new Locator(this);
  }

  private void letGo(Node node) {
    if (upper != null) {
      upper.letGo(node);
    }
  }

  /** Does something under the exclusive name lock; called without it. */
  void exclusively(Step step) throws ErrnoException {
    lock.writeLock().lock();
    try {
      step.run();
    } finally {
      lock.writeLock().unlock();
    }
  }

  /**
   * The origin that a copy of a lower file has. Of one of several names it is that of kernel
   * overlayfs, wherever that tells the layer: so both find the copy in the index.
   *
   * @param withData whether the copy has the file's data, too
   */
  Origin originOfCopy(Lower lower, boolean withData) throws ErrnoException {
    boolean both =
        lower.linkCount() > 1
            && upper().xattrs() == OverlayXattrs.PRIVILEGED
            && merge.isToldByFileSystem(lower);
    Origin kernel = both ? lower.kernelOrigin() : null;
    if (kernel == null) {
      return Origin.ofCopy(lower, withData);
    }
    upper().indexedByKernel(true);
    return kernel;
  }

  /** The writable layer; EROFS where there is none. */
  Upper upper() throws ErrnoException {
    if (upper == null) {
      throw ErrnoException.of(Errno.EROFS);
    }
    return upper;
  }

  /** Whether owners, modes and types of upper files may be overridden. */
  boolean overrides() {
    return upper != null && upper.form().overrides();
  }

  boolean isWritable() {
    return upper != null;
  }

  /** A directory's node; ENOTDIR for anything else. Needs no lock. */
  Node directory(long id) throws ErrnoException {
    Node node = nodes.get(id);
    if (!node.isDirectory()) {
      throw ErrnoException.of(Errno.ENOTDIR);
    }
    return node;
  }

  static void checkName(byte[] name) throws ErrnoException {
    if (name.length > Name.MAX) {
      throw ErrnoException.of(Errno.ENAMETOOLONG);
    }
  }

  /** The node behind a name, counted as looked up; null where there is none. */
  @Nullable Node lookUp(Node parent, byte[] name) throws ErrnoException {
    return lookUp(parent, name, 0);
  }

  /** The same where of the directory's lower layers those before {@code from} lack the name. */
  @Nullable Node lookUp(Node parent, byte[] name, int from) throws ErrnoException {
    checkName(name);
    Name key = Name.sharing(name);
    Node known = nodes.lookUpChild(parent, key);
    if (known != null || parent.removed) {
      return known;
    }
    Node found = find(parent, key, from);
    return found == null ? null : nodes.add(found, parent, key, 1);
  }

  /** The directory above one, the root's own being the root; counted as looked up. */
  Node above(Node directory) throws ErrnoException {
    Node.Link link = directory.link();
    if (link == null && directory != nodes.root()) {
      throw ErrnoException.of(Errno.ESTALE); // removed
    }
    Node above = link == null ? directory : link.parent();
    nodes.lookedUp(above);
    return above;
  }

  /** As {@link #lookUp} for an entry that only one lower layer has a part in. */
  Node lookUp(Node parent, Name name, Lower lower) throws ErrnoException {
    Node known = nodes.lookUpChild(parent, name);
    return known != null ? known : nodes.add(fromLower(List.of(lower)), parent, name, 1);
  }

  /** Takes back what {@link #lookUp} counted. */
  void release(@Nullable Node node) {
    if (node != null) {
      nodes.forget(node.id, 1);
    }
  }

  /** A node for a name, which may be in the table already; null where there is none. */
  @Nullable Node find(Node parent, Name name) throws ErrnoException {
    return find(parent, name, 0);
  }

  private @Nullable Node find(Node parent, Name name, int from) throws ErrnoException {
    UpperNodes above = upperNodes;
    if (above != null && parent.inUpper && !Whiteouts.isOpaqueFile(name.bytes())) {
      Place place = above.upper().place(parent, name);
      Stat stat = statOrNull(place);
      if (stat != null) {
        return Whiteouts.is(place, stat) ? null : above.node(parent, name, place, stat);
      }
    }
    List<Lower> lowers = merge.byName(parent.lowers, name, from);
    return lowers.isEmpty() ? null : fromLower(lowers);
  }

  static @Nullable Stat statOrNull(Place place) throws ErrnoException {
    Stat stat = new Stat();
    try {
      place.stat(stat);
      return stat;
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ENOENT) {
        return null;
      }
      throw e;
    }
  }

  /** Whether a lower layer shows {@code name} in {@code parent}: it needs a whiteout to vanish. */
  boolean isBelow(Node parent, Name name) throws ErrnoException {
    return !parent.lowers.isEmpty() && !merge.byName(parent.lowers, name).isEmpty();
  }

  private Node fromLower(List<Lower> lowers) throws ErrnoException {
    Lower lower = lowers.getFirst();
    UpperNodes above = upperNodes;
    Node indexed =
        above != null && !lower.isDirectory() && lower.linkCount() > 1
            ? above.indexed(lower)
            : null;
    return indexed != null ? indexed : Node.of(lowers);
  }

  /** Fills in the entry for a node. */
  void fill(Node node, Entry entry) throws ErrnoException {
    entry.node = node.id;
    entry.generation = node.generation;
    entry.lifetime = lifetime;
    attributes(node, entry.attributes);
  }

  /** Fills in a node's attributes. */
  void attributes(Node node, Attributes attributes) throws ErrnoException {
    if (node.inUpper) {
      Stat stat = new Stat();
      upper().place(node).stat(stat);
      StatAttributes.fill(stat, attributes);
      attributes.linkCount += node.linkDifference;
      if (node.isRegular() && !node.dataInUpper) {
        Attributes data = new Attributes();
        node.lower().attributes(data);
        attributes.blocks = data.blocks;
      }
      if (node.kept != null) {
        node.kept.show(attributes);
      }
    } else {
      node.lower().attributes(attributes);
      attributes.linkCount += node.linkDifference;
    }
    if (node.isDirectory()) {
      countLinks(node, attributes);
    }
    attributes.inode = node.shownInode();
    attributes.born &= node.isBornHere(); // a copy is no new file
    attributes.lifetime = lifetime;
  }

  private void countLinks(Node directory, Attributes attributes) throws ErrnoException {
    if (directory.removed) {
      attributes.linkCount = 0;
    } else if (directory.isMerged() || directory.lowers.size() > 1) {
      if (directory.subdirectories < 0) {
        directory.subdirectories = listing(directory).count(Stat.S_IFDIR);
      }
      attributes.linkCount = 2 + directory.subdirectories;
    }
  }

  /**
   * What is in a directory: kept, and kept right, as long as the node is known, since nobody says
   * who is reading it.
   */
  DirectoryListing listing(Node directory) throws ErrnoException {
    return listing(directory, false);
  }

  /**
   * The same.
   *
   * @param accesses whether the upper's time of access is to be set if it has to be read for this
   */
  DirectoryListing listing(Node directory, boolean accesses) throws ErrnoException {
    DirectoryListing listing = directory.listing;
    if (listing == null) {
      synchronized (directory.slot) {
        listing = directory.listing;
        if (listing == null) {
          listing = DirectoryMerge.list(posix, upper, directory, accesses);
          directory.listing = listing;
        }
      }
    }
    return listing;
  }

  /** An entry came; under the exclusive lock. */
  void added(Node parent, Name name, Node node) {
    locator.added(parent, name, node);
    if (node.isDirectory() && parent.subdirectories >= 0) {
      parent.subdirectories++;
    }
    DirectoryListing listing = parent.listing;
    if (listing != null) {
      Name own = Name.copyOf(name.bytes());
      listing.add(new DirectoryListing.Item(own, node.type, node.shownInode(), null));
    }
  }

  /** A node is in the upper from now on; under the exclusive lock. */
  void copiedUp(Node node) {
    nodes.inUpper(node);
    for (Node.Link link : node.links) {
      DirectoryListing listing = link.parent().listing;
      if (listing != null) {
        listing.copiedUp(link.name());
      }
    }
  }

  /** An entry went; under the exclusive lock. */
  void removed(Node parent, Name name, Node node) {
    locator.removed(parent, name, node);
    if (node.isDirectory() && parent.subdirectories >= 0) {
      parent.subdirectories--;
    }
    DirectoryListing listing = parent.listing;
    if (listing != null) {
      listing.remove(name);
    }
  }
}
