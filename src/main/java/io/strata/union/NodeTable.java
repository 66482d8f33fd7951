package io.strata.union;

import static java.util.Objects.requireNonNull;

import io.strata.fuse.FileSystem;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The nodes that the kernel knows, and the directories above them.
 *
 * <p>A node is kept while it is looked up or has children here: whoever finds its directory again
 * must find the same node, or a rename would be seen by one of two only.
 *
 * <p>Locking: its own, held for moments and never while anything is read or written. It is the last
 * one taken. Whoever changes links holds the name lock exclusively; whoever adds nodes that were
 * found, at least shared.
 */
final class NodeTable {
  private final LongMap<Node> byId = new LongMap<>();
  private final LongMap<Node> byUpper = new LongMap<>();
  private final Node root;

  /** For a file whose own number another file has: of no layer, as there are fewer. */
  private long spareInode = (LayerIds.UPPER - 1L) << LayerIds.SHIFT;

  /** Those that have another number than their own, by the id of that; there are few, if any. */
  private final LongMap<List<Node>> apart = new LongMap<>();

  private final Consumer<Node> dropped;

  /**
   * A table with only the root, which is never dropped.
   *
   * @param dropped told of each node that leaves the table; must not call back
   */
  NodeTable(Node root, Consumer<Node> dropped) {
    this.root = root;
    this.dropped = dropped;
    root.lookups = 1;
    byId.put(FileSystem.ROOT, root);
  }

  Node root() {
    return root;
  }

  /** The node with an id that was given to the kernel. */
  synchronized Node get(long id) throws ErrnoException {
    Node node = byId.get(id);
    if (node == null) {
      throw ErrnoException.of(Errno.ESTALE);
    }
    return node;
  }

  /** As {@link #get}, counted as looked up once more; null where there is none. */
  synchronized @Nullable Node lookUpById(long id) {
    Node node = byId.get(id);
    if (node != null) {
      node.lookups++;
    }
    return node;
  }

  /** As {@link #get}, null where there is none. */
  synchronized @Nullable Node byId(long id) {
    return byId.get(id);
  }

  /** Whether a file of the upper, by its inode number there, has a node. */
  synchronized boolean hasUpper(long inode) {
    return byUpper.get(inode) != null;
  }

  synchronized @Nullable Node child(Node parent, Name name) {
    return parent.children == null ? null : parent.children.get(name);
  }

  /** As {@link #child}, counted as looked up once more. */
  synchronized @Nullable Node lookUpChild(Node parent, Name name) {
    Node child = child(parent, name);
    if (child != null) {
      child.lookups++;
    }
    return child;
  }

  /**
   * Adds a node that was found under a name, unless another thread did before.
   *
   * @return the node that now stands for the name, counted as looked up {@code lookups} times
   */
  synchronized Node add(Node found, Node parent, Name name, int lookups) {
    Node known = child(parent, name);
    if (known == null) {
      known = known(found);
      if (known == null) {
        known = found;
        if (byId.get(found.id) != null) {
          setApart(found);
        }
        byId.put(found.id, found);
        if (found.inUpper) {
          byUpper.put(found.upperInode, found);
        }
      }
      link(known, parent, name);
    }
    known.lookups += lookups;
    return known;
  }

  private @Nullable Node known(Node found) {
    Node same = found.inUpper ? byUpper.get(found.upperInode) : null;
    if (same != null) {
      return same;
    }
    Node other = byId.get(found.id);
    if (other != null && other.isSameFile(found)) {
      return other;
    }
    List<Node> others = apart.get(found.id);
    if (others != null) {
      for (Node each : others) {
        if (each.isSameFile(found)) {
          return each;
        }
      }
    }
    return null;
  }

  /**
   * Gives a file whose own number another one has a number of its own: a second copy of one lower
   * file, as cp(1) of an upper makes them, or a file below the mount point of another file system
   * in a lower layer. Programs take files with one number for one file.
   */
  private void setApart(Node node) {
    long inode = node.inUpper ? Upper.IDS.inode(node.upperInode) : 0;
    if (inode == 0 || byId.get(LayerIds.nodeOf(inode)) != null) {
      inode = ++spareInode;
    }
    List<Node> others = apart.get(node.id);
    if (others == null) {
      others = new ArrayList<>();
      apart.put(node.id, others);
    }
    others.add(node);
    node.id = LayerIds.nodeOf(inode);
  }

  private void forgetApart(Node node) {
    long own = LayerIds.nodeOf(node.inode);
    List<Node> others = apart.get(own);
    if (others != null && others.remove(node) && others.isEmpty()) {
      apart.remove(own);
    }
  }

  /** Adds a node that has no name. */
  synchronized void addNameless(Node node) {
    byId.put(node.id, node);
    byUpper.put(node.upperInode, node);
    node.lookups++;
  }

  synchronized void lookedUp(Node node) {
    node.lookups++;
  }

  /** A node was copied up: it is found by its upper inode from now on. */
  synchronized void inUpper(Node node) {
    byUpper.put(node.upperInode, node);
  }

  synchronized void link(Node node, Node parent, Name name) {
    Name own = Name.copyOf(name.bytes());
    parent.childrenForWriting().put(own, node);
    node.links.add(new Node.Link(parent, own));
  }

  synchronized void unlink(Node node, Node parent, Name name) {
    if (parent.children != null && parent.children.get(name) == node) {
      parent.children.remove(name);
      node.links.removeIf(link -> link.parent() == parent && link.name().equals(name));
      settle(parent);
    }
  }

  /** Takes back lookups. */
  synchronized void forget(long id, long count) {
    Node node = byId.get(id);
    if (node != null && node != root) {
      node.lookups = Math.max(0, node.lookups - count);
      settle(node);
    }
  }

  /** Drops a node, and then directories above it, which nothing holds any more. */
  synchronized void settle(Node start) {
    Node node = start;
    while (node != root && node.lookups == 0 && isEmpty(node) && byId.get(node.id) == node) {
      byId.remove(node.id);
      forgetApart(node);
      if (node.inUpper && byUpper.get(node.upperInode) == node) {
        byUpper.remove(node.upperInode);
      }
      Node parent = detach(node);
      dropped.accept(node);
      if (parent == null) {
        return;
      }
      node = parent;
    }
  }

  private static boolean isEmpty(Node node) {
    return node.children == null || node.children.isEmpty();
  }

  /** Takes its names out; gives a parent that may have become superfluous, all others settled. */
  private @Nullable Node detach(Node node) {
    Node last = null;
    for (Node.Link link : node.links) {
      requireNonNull(link.parent().children).remove(link.name());
      if (last != null && last != link.parent()) {
        settle(last);
      }
      last = link.parent();
    }
    node.links.clear();
    return last;
  }

  /** Lets go of all nodes, as the mount is gone and the kernel need not forget them. */
  synchronized void dropAll() {
    byId.forEach(dropped);
  }

  synchronized int size() {
    return byId.size();
  }
}
