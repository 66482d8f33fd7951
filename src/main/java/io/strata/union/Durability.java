package io.strata.union;

import io.strata.posix.ErrnoException;
import io.strata.posix.NameCalls;
import io.strata.posix.Posix;
import org.jspecify.annotations.Nullable;

/**
 * Brings to disk what callers of fsync(2) ask for. For them a file was always where it is: so its
 * first sync after copy-up also takes the directory in which the copy appeared, and those above
 * that were copied up for it.
 *
 * <p>All methods are called without the name lock.
 */
final class Durability {
  private static final int NOTHING = -1;

  private final Tree tree;
  private final Posix posix;

  Durability(Tree tree) {
    this.tree = tree;
    this.posix = tree.posix;
  }

  /** Syncs a file of the upper that is open as {@code descriptor}. */
  void file(Node node, int descriptor, boolean dataOnly) throws ErrnoException {
    sync(descriptor, dataOnly && !node.unsynced);
    names(node);
  }

  /** Syncs a directory, as far as it is in the upper. */
  void directory(Node directory, boolean dataOnly) throws ErrnoException {
    syncDirectory(directory, dataOnly && !directory.unsynced);
    names(directory);
  }

  private void names(Node node) throws ErrnoException {
    Node at = node;
    while (at.unsynced) {
      Node parent = parent(at);
      if (parent != null) {
        syncDirectory(parent, false);
      }
      at.unsynced = false; // not before: who asks meanwhile must not be told that all is done
      if (parent == null) {
        return;
      }
      at = parent;
    }
  }

  private @Nullable Node parent(Node node) {
    tree.lock.readLock().lock();
    try {
      Node.Link link = node.link();
      return link == null ? null : link.parent();
    } finally {
      tree.lock.readLock().unlock();
    }
  }

  private void syncDirectory(Node directory, boolean dataOnly) throws ErrnoException {
    int descriptor = open(directory);
    if (descriptor == NOTHING) {
      return;
    }
    try {
      sync(descriptor, dataOnly);
    } finally {
      posix.files().close(descriptor);
    }
  }

  private int open(Node directory) throws ErrnoException {
    tree.lock.readLock().lock();
    try {
      return directory.inUpper
          ? Place.self(posix, tree.upper().directory(directory))
              .open(NameCalls.O_RDONLY | NameCalls.O_DIRECTORY)
          : NOTHING;
    } finally {
      tree.lock.readLock().unlock();
    }
  }

  private void sync(int descriptor, boolean dataOnly) throws ErrnoException {
    if (dataOnly) {
      posix.files().fdatasync(descriptor);
    } else {
      posix.files().fsync(descriptor);
    }
  }
}
