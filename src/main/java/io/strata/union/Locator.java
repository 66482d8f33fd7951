package io.strata.union;

import io.strata.fuse.FileSystem;
import io.strata.fuse.Request;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds nodes by their id alone, when the kernel, and the table with it, has forgotten them: for
 * file handles (name_to_handle_at(2), NFS).
 *
 * <p>An id follows from the inode number of the lower file, or of the upper one if there was never
 * a lower one, so it is good in every mount; but it doesn't say where the file is, least of all if
 * it was moved. So when the first such id comes, the whole union is gone through once. From then on
 * every change of a name is noted. A mount that nobody asks for handles has none of this.
 *
 * <p>Thread-safe.
 */
final class Locator {
  private final Tree tree;
  private final Object surveying = new Object();
  private volatile @Nullable Whereabouts whereabouts; // null until the first id came
  private volatile @Nullable Survey survey; // while it goes on

  private volatile boolean complete;

  /** Where something was found last: more is likely to follow, and its listing lives on. */
  private @Nullable Node held; // guarded by this

  Locator(Tree tree) {
    this.tree = tree;
  }

  /** A name came to be; under the exclusive name lock. */
  void added(Node parent, Name name, Node node) {
    Whereabouts all = whereabouts;
    if (all == null) {
      return;
    }
    all.add(node.id, parent.id, name);
    Survey current = survey;
    if (current != null && node.isDirectory()) {
      current.moved(node);
    }
  }

  /** A name went; under the exclusive name lock. */
  void removed(Node parent, Name name, Node node) {
    Whereabouts all = whereabouts;
    if (all != null) {
      all.remove(node.id, parent.id, name);
    }
  }

  /**
   * The node with this id, counted as looked up; ESTALE where there is none. Called without the
   * name lock.
   */
  Node locate(Request request, long id) throws ErrnoException {
    Node node = tree.nodes.lookUpById(id);
    if (node != null) {
      return node;
    }
    Whereabouts all = survey(request);
    tree.lock.readLock().lock();
    try {
      return locate(all, id);
    } finally {
      tree.lock.readLock().unlock();
    }
  }

  /** What is where, once all of it is known. */
  private Whereabouts survey(Request request) {
    if (!complete) {
      request.blocking();
    }
    synchronized (surveying) {
      Whereabouts all = whereabouts;
      if (all == null) {
        all = new Whereabouts();
        begin(all).run();
        survey = null;
        complete = true;
      }
      return all;
    }
  }

  /** From here on changes are noted, and none is under way. */
  private Survey begin(Whereabouts all) {
    tree.lock.writeLock().lock();
    try {
      Survey first = new Survey(tree, all);
      survey = first;
      whereabouts = all;
      return first;
    } finally {
      tree.lock.writeLock().unlock();
    }
  }

  private Node locate(Whereabouts all, long id) throws ErrnoException {
    for (Whereabouts.Spot spot : all.of(id)) {
      Node parent = directory(all, spot.parent());
      Node node = parent == null ? null : child(parent, spot.nameHash(), id);
      hold(parent);
      if (node != null) {
        return node;
      }
    }
    throw ErrnoException.of(Errno.ESTALE);
  }

  /** A directory, counted as looked up, found downwards from one that is known. */
  private @Nullable Node directory(Whereabouts all, long id) throws ErrnoException {
    Deque<Whereabouts.Spot> way = new ArrayDeque<>();
    Deque<Long> ids = new ArrayDeque<>();
    long at = id;
    Node node;
    while ((node = tree.nodes.lookUpById(at)) == null) {
      List<Whereabouts.Spot> spots = all.of(at);
      if (spots.isEmpty() || at == FileSystem.ROOT) {
        return null;
      }
      way.push(spots.getFirst());
      ids.push(at);
      at = spots.getFirst().parent();
    }
    for (Whereabouts.Spot spot : way) {
      Node next = child(node, spot.nameHash(), ids.pop());
      tree.release(node);
      if (next == null) {
        return null;
      }
      node = next;
    }
    return node;
  }

  /** What has this id in a directory, under a name with this hash; null where nothing has. */
  private @Nullable Node child(Node directory, int nameHash, long id) throws ErrnoException {
    DirectoryListing listing = tree.listing(directory);
    for (int slot = 0; slot < listing.slots(); slot++) {
      DirectoryListing.Item item = listing.at(slot);
      if (item != null && item.name().hashCode() == nameHash) {
        Node node = tree.lookUp(directory, item.name().bytes());
        if (node != null && node.id == id) {
          return node;
        }
        tree.release(node);
      }
    }
    return null;
  }

  private synchronized void hold(@Nullable Node parent) {
    tree.release(held);
    held = parent;
  }
}
