package io.strata.union;

import io.strata.fuse.Attributes;
import io.strata.fuse.Entry;
import io.strata.fuse.Request;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import java.util.Arrays;

/** Answers what a name leads to, and what a node is. Called without the name lock. */
final class Lookups {
  private static final byte[] DOT_DOT = {'.', '.'};

  private final Tree tree;
  private final Descriptors descriptors;

  /** With the descriptors that looking up takes, which are given back when they are too many. */
  Lookups(Tree tree, Descriptors descriptors) {
    this.tree = tree;
    this.descriptors = descriptors;
  }

  /** See {@link io.strata.fuse.FileSystem#lookup}. */
  void lookUp(Request request, long parent, byte[] name, Entry entry) throws ErrnoException {
    if (Name.isSelf(name)) {
      Node node = tree.locator.locate(request, parent);
      shared(() -> fillExisting(node, entry));
      return;
    }
    Node directory = tree.directory(parent);
    boolean up = Arrays.equals(name, DOT_DOT);
    shared(
        () -> {
          Node node = up ? tree.above(directory) : tree.lookUp(directory, name);
          if (node == null) {
            entry.lifetime = tree.lifetime;
          } else {
            fill(node, entry);
          }
        });
  }

  private void fill(Node node, Entry entry) throws ErrnoException {
    try {
      tree.fill(node, entry);
    } catch (ErrnoException e) {
      tree.release(node);
      throw e;
    }
  }

  /** What a handle leads to must have a name: the kernel itself knows what is still open. */
  private void fillExisting(Node node, Entry entry) throws ErrnoException {
    fill(node, entry);
    if (entry.attributes.linkCount == 0) {
      tree.release(node);
      throw ErrnoException.of(Errno.ESTALE);
    }
  }

  /** Fills in a node's attributes. */
  void attributes(Node node, Attributes attributes) throws ErrnoException {
    shared(() -> tree.attributes(node, attributes));
  }

  /** What a symbolic link leads to. */
  byte[] readLink(Node node) throws ErrnoException {
    tree.lock.readLock().lock();
    try {
      return node.inUpper ? tree.upper().place(node).readLink() : node.lower().readLink();
    } finally {
      tree.lock.readLock().unlock();
    }
  }

  private void shared(Step step) throws ErrnoException {
    tree.lock.readLock().lock();
    try {
      step.run();
    } finally {
      tree.lock.readLock().unlock();
    }
    if (descriptors.full()) {
      trim();
    }
  }

  private void trim() {
    tree.lock.writeLock().lock();
    try {
      descriptors.trim();
    } finally {
      tree.lock.writeLock().unlock();
    }
  }
}
