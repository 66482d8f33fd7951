package io.strata.union;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.NameCalls;
import io.strata.posix.Posix;
import io.strata.posix.Stat;

/**
 * Takes names away. Where a lower layer has the name, a whiteout takes its place in one step, so
 * that it never shows again, whenever the server ends.
 *
 * <p>All methods are called under the exclusive name lock.
 */
final class Removal {
  private final Tree tree;
  private final CopyUp copyUp;
  private final Posix posix;

  Removal(Tree tree, CopyUp copyUp) {
    this.tree = tree;
    this.copyUp = copyUp;
    this.posix = tree.posix;
  }

  /** Removes a name that leads to {@code node}, which is no directory. */
  void file(Node parent, Name name, Node node) throws ErrnoException {
    Upper upper = tree.upper();
    Protection.checkLeave(parent, node);
    copyUp.directory(parent);
    boolean below = tree.isBelow(parent, name);
    new LinkIndex(posix, upper).materialize(node, upper.place(parent, name));
    int names = linkCount(node);
    boolean last = names <= 1;
    if (node.inUpper && (last || (node.indexName == null && node.links.size() == 1))) {
      upper.pin(node);
    }
    removeEntry(upper.place(parent, name), below, node.inUpper);
    tree.nodes.unlink(node, parent, name);
    tree.removed(parent, name, node);
    countDown(node, names - 1);
  }

  private void removeEntry(Place place, boolean below, boolean mayBeInUpper) throws ErrnoException {
    NameCalls calls = posix.names();
    if (!below) {
      calls.unlink(place.descriptor(), place.name());
    } else if (mayBeInUpper) {
      tree.upper().whiteouts().replace(place);
    } else {
      tree.upper().whiteouts().hide(place);
    }
  }

  /** How many names the union gives a file. */
  int linkCount(Node node) throws ErrnoException {
    if (!node.inUpper) {
      return node.lower().linkCount() + node.linkDifference;
    }
    Stat stat = new Stat();
    tree.upper().place(node).stat(stat);
    return stat.linkCount + node.linkDifference;
  }

  /** A file has only {@code left} names now: brings what is recorded of it in line. */
  void countDown(Node node, int left) throws ErrnoException {
    if (!node.inUpper) {
      node.linkDifference--;
      return;
    }
    if (left <= 0) {
      tree.upper().forgetOwner(node);
    }
    if (node.indexName == null) {
      return;
    }
    LinkIndex index = new LinkIndex(posix, tree.upper());
    if (left <= 0) {
      index.remove(node);
    } else {
      Stat stat = new Stat();
      Place place = tree.upper().place(node);
      place.stat(stat);
      int difference = left - stat.linkCount;
      if (difference != node.linkDifference) {
        node.linkDifference = difference;
        index.writeDifference(place, difference);
      }
    }
  }

  /** What the upper's file system would say first of a directory that is not empty. */
  private static void checkFlags(Upper upper, Node parent, Name name, Node node)
      throws ErrnoException {
    Stat stat = new Stat();
    if (node.inUpper) {
      upper.place(parent, name).stat(stat);
      Protection.checkChange(stat);
    }
    if (parent.inUpper) {
      upper.self(upper.directory(parent)).stat(stat);
      Protection.checkChange(stat);
    }
  }

  /** Removes a directory; ENOTEMPTY unless nothing in it shows. */
  void directory(Node parent, Name name, Node node) throws ErrnoException {
    Upper upper = tree.upper();
    Protection.checkLeave(parent, node);
    if (!tree.listing(node).isEmpty()) {
      checkFlags(upper, parent, name, node);
      throw ErrnoException.of(Errno.ENOTEMPTY);
    }
    copyUp.directory(parent);
    Place place = upper.place(parent, name);
    boolean below = tree.isBelow(parent, name);
    if (node.inUpper) {
      upper.pin(node);
      removeUpper(place, below);
    } else {
      upper.whiteouts().hide(place);
    }
    gone(parent, name, node);
  }

  /** A directory is no longer where it was. */
  void gone(Node parent, Name name, Node node) {
    tree.nodes.unlink(node, parent, name);
    tree.removed(parent, name, node);
    node.removed = true;
    node.listing = null;
  }

  private void removeUpper(Place place, boolean below) throws ErrnoException {
    WorkDirectory work = tree.upper().work();
    NameCalls calls = posix.names();
    if (below) {
      byte[] name = tree.upper().whiteouts().make(place);
      exchange(work, name, place);
      work.discard(name); // the directory now, with the whiteouts that were in it
      return;
    }
    try {
      calls.rmdir(place.descriptor(), place.name());
    } catch (ErrnoException e) {
      if (e.errno() != Errno.ENOTEMPTY && e.errno() != Errno.EEXIST) {
        throw e;
      }
      byte[] name = work.newName();
      calls.rename(place.descriptor(), place.name(), work.descriptor(), name, 0);
      work.discard(name);
    }
  }

  private void exchange(WorkDirectory work, byte[] name, Place place) throws ErrnoException {
    try {
      posix
          .names()
          .rename(
              work.descriptor(), name, place.descriptor(), place.name(), NameCalls.RENAME_EXCHANGE);
    } catch (ErrnoException e) {
      work.discard(name);
      throw e;
    }
  }
}
