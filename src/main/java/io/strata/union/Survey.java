package io.strata.union;

import io.strata.posix.ErrnoException;
import io.strata.posix.Stat;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the whole union once, directory by directory, to learn where each file is. Names may
 * change meanwhile: {@link #moved} has to be told.
 *
 * <p>Locking: the shared name lock for one directory at a time; the list of directories has its
 * own.
 */
final class Survey {
  private final Tree tree;
  private final Whereabouts found;

  /** Directories to go through, each counted as looked up. */
  private final Deque<Node> left = new ArrayDeque<>(); // guarded by itself

  /** Begins at the root; {@code found} learns what there is. */
  Survey(Tree tree, Whereabouts found) {
    this.tree = tree;
    this.found = found;
    moved(tree.nodes.root());
  }

  /** A directory is, or has come, where it may not have been met. */
  void moved(Node directory) {
    tree.nodes.lookedUp(directory);
    synchronized (left) {
      left.push(directory);
    }
  }

  /** Goes through all; called without the name lock. */
  void run() {
    Node directory;
    while ((directory = next()) != null) {
      tree.lock.readLock().lock();
      try {
        read(directory);
      } catch (ErrnoException e) {
        continue; // a damaged directory: what is in it can't be reached
      } finally {
        tree.lock.readLock().unlock();
        tree.release(directory);
      }
    }
  }

  private @Nullable Node next() {
    synchronized (left) {
      return left.poll();
    }
  }

  private void read(Node directory) throws ErrnoException {
    DirectoryListing listing = tree.listing(directory);
    for (int slot = 0; slot < listing.slots(); slot++) {
      DirectoryListing.Item item = listing.at(slot);
      if (item != null) {
        try {
          read(directory, item);
        } catch (ErrnoException e) {
          continue; // a damaged entry
        }
      }
    }
  }

  private void read(Node directory, DirectoryListing.Item item) throws ErrnoException {
    Name name = item.name();
    if (item.type() == Stat.S_IFDIR) {
      Node below = tree.lookUp(directory, name.bytes());
      if (below != null) {
        found.add(below.id, directory.id, name);
        moved(below);
        tree.release(below);
      }
      return;
    }
    Node known = tree.nodes.child(directory, name);
    if (known != null) {
      found.add(known.id, directory.id, name);
    } else if (item.inode() != 0) {
      found.add(LayerIds.nodeOf(item.inode()), directory.id, name);
    } else {
      Node file = tree.find(directory, name);
      if (file != null) {
        found.add(file.id, directory.id, name);
      }
    }
  }
}
