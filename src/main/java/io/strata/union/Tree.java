package io.strata.union;

import static java.util.Objects.requireNonNull;

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
  private final LowerMerge merge;

  Tree(Posix posix, @Nullable Upper upper, List<Lower> lowerRoots, Node root, long lifetime) {
    this.posix = posix;
    this.upper = upper;
    this.lifetime = lifetime;
    this.merge = new LowerMerge(lowerRoots);
    this.nodes = new NodeTable(root, this::letGo);
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
    checkName(name);
    Name key = Name.sharing(name);
    Node known = nodes.lookUpChild(parent, key);
    if (known != null || parent.removed) {
      return known;
    }
    Node found = find(parent, key);
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
    if (upper != null && parent.inUpper && !Whiteouts.isOpaqueFile(name.bytes())) {
      Place place = upper.place(parent, name);
      Stat stat = statOrNull(place);
      if (stat != null) {
        return Whiteouts.is(place, stat) ? null : fromUpper(parent, name, place, stat);
      }
    }
    List<Lower> lowers = merge.byName(parent.lowers, name);
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
    if (upper != null && !lower.isDirectory() && lower.linkCount() > 1) {
      Node indexed = new LinkIndex(posix, upper).find(lower);
      if (indexed != null) {
        repair(indexed, upper.place(indexed));
        return indexed;
      }
    }
    return Node.of(lowers);
  }

  private Node fromUpper(Node parent, Name name, Place place, Stat stat) throws ErrnoException {
    byte[] attributes = place.xattrNames();
    boolean marked = UpperMarks.any(attributes);
    if (stat.isDirectory()) {
      return upperDirectory(parent, name, place, stat, marked);
    }
    Node node = upperFile(parent, name, place, stat, marked);
    boolean lost = marked && node.indexName == null && UpperMarks.isCounted(attributes);
    return lost ? withoutIndex(node, stat) : node;
  }

  private Node upperDirectory(Node parent, Name name, Place place, Stat stat, boolean marked)
      throws ErrnoException {
    byte[] redirect = marked ? redirect(place) : null;
    List<Lower> below =
        marked && Whiteouts.isOpaque(place)
            ? List.of()
            : redirect == null
                ? merge.byName(parent.lowers, name)
                : merge.byRedirect(parent.lowers, redirect);
    List<Lower> lowers = below.isEmpty() || !below.getFirst().isDirectory() ? List.of() : below;
    Node node = lowers.isEmpty() ? newNode(stat) : inUpper(stat, Node.of(lowers));
    node.redirect = redirect;
    return node;
  }

  /**
   * A copy that was in the index, and the index is gone or of other layers: it is the lower file no
   * more, whose other names show that.
   */
  private static Node withoutIndex(Node node, Stat stat) {
    Node own = newNode(stat, node.lowers);
    own.dataInUpper = node.dataInUpper;
    own.redirect = node.redirect;
    return own;
  }

  private Node upperFile(Node parent, Name name, Place place, Stat stat, boolean marked)
      throws ErrnoException {
    if (!marked) {
      return newNode(stat);
    }
    Origin origin = knownOrigin(place);
    if (stat.isRegular() && UpperMarks.isMetacopy(place)) {
      return metacopy(parent, name, place, stat, origin);
    }
    Node node = origin == null ? newNode(stat) : copyOf(origin, stat);
    if (origin != null && stat.linkCount > 1) {
      new LinkIndex(posix, requireNonNull(upper))
          .attach(node, origin, stat, () -> lowerLinks(origin, parent, name));
    }
    return node;
  }

  /** A file of which only the metadata was copied up. */
  private Node metacopy(Node parent, Name name, Place place, Stat stat, @Nullable Origin origin)
      throws ErrnoException {
    byte[] redirect = redirect(place);
    List<Lower> lowers =
        redirect == null
            ? merge.byName(parent.lowers, name)
            : merge.byRedirect(parent.lowers, redirect);
    if (lowers.isEmpty() || lowers.getFirst().type() != Stat.S_IFREG) {
      throw ErrnoException.of(Errno.EIO); // as kernel overlayfs: the data is lost
    }
    Node node = inUpper(stat, Node.of(lowers));
    node.dataInUpper = false;
    node.redirect = redirect;
    repair(node, place);
    if (origin != null && stat.linkCount > 1) {
      new LinkIndex(posix, requireNonNull(upper))
          .attach(node, origin, stat, () -> lowerLinks(origin, parent, name));
    }
    return node;
  }

  /** How many names the file has below that a copy under this name was made of. */
  private int lowerLinks(Origin origin, Node parent, Name name) throws ErrnoException {
    List<Lower> beneath = merge.byName(parent.lowers, name);
    boolean same = !beneath.isEmpty() && beneath.getFirst().inode() == origin.unionInode();
    return same ? beneath.getFirst().linkCount() : merge.linkCount(origin);
  }

  private byte @Nullable [] redirect(Place place) throws ErrnoException {
    byte[] redirect = UpperMarks.redirect(place);
    if (redirect != null && !upper().features().followsRedirects()) {
      throw ErrnoException.of(Errno.EPERM); // as kernel overlayfs
    }
    return redirect;
  }

  /**
   * A file that nobody has met yet in this mount may have been left when its data was filled in.
   */
  private void repair(Node found, Place place) throws ErrnoException {
    if (found.isRegular() && !found.dataInUpper && !nodes.hasUpper(found.upperInode)) {
      MetacopyData.repair(place);
    }
  }

  /** The origin of a file, unless that was in a layer which is another now. */
  private @Nullable Origin knownOrigin(Place place) throws ErrnoException {
    Origin origin = UpperMarks.origin(place);
    return origin != null && origin.isOf(merge.generation(origin.layer())) ? origin : null;
  }

  /** A node for a copy, which is the file that it was made of. */
  private Node copyOf(Origin origin, Stat stat) {
    int generation = merge.generation(origin.layer());
    return inUpper(stat, new Node(origin.unionInode(), generation, stat.type(), List.of()));
  }

  private static Node inUpper(Stat stat, Node node) {
    node.inUpper = true;
    node.dataInUpper = true;
    node.upperInode = stat.inode;
    return node;
  }

  /** A node for what was just made in the upper. */
  static Node newNode(Stat stat) {
    return newNode(stat, List.of());
  }

  private static Node newNode(Stat stat, List<Lower> lowers) {
    long inode = Upper.IDS.inode(stat.inode);
    return inUpper(stat, new Node(inode, Generations.of(stat), stat.type(), lowers));
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
    attributes.inode = node.inode;
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
    DirectoryListing listing = directory.listing;
    if (listing == null) {
      synchronized (directory.slot) {
        listing = directory.listing;
        if (listing == null) {
          listing = DirectoryMerge.list(posix, upper, directory);
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
      listing.add(new DirectoryListing.Item(own, node.type, node.inode, null));
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
