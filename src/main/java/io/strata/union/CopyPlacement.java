package io.strata.union;

import io.strata.posix.ErrnoException;
import io.strata.posix.NameCalls;
import io.strata.posix.Posix;
import java.util.List;

/**
 * Gives a copy that is ready in the work directory the attributes of what it is a copy of, and its
 * place: under the file's name, in the index if it has several, or under none.
 *
 * <p>Called under the exclusive name lock.
 */
final class CopyPlacement {
  private final Tree tree;
  private final Posix posix;
  private final DirectoryCopyUp directories;

  CopyPlacement(Tree tree, DirectoryCopyUp directories) {
    this.tree = tree;
    this.posix = tree.posix;
    this.directories = directories;
  }

  /**
   * Gives the copy its attributes and its place.
   *
   * @param withData false for one that has only the attributes
   */
  void finish(Node node, byte[] name, boolean withData) throws ErrnoException {
    Upper upper = tree.upper();
    Place made = upper.work().place(name);
    try {
      Origin origin = tree.originOfCopy(node.lower(), withData);
      new MetadataCopy(upper.form()).copy(node.lower(), made, origin);
      place(node, made, origin, withData);
    } catch (ErrnoException e) {
      upper.work().discard(name);
      throw e;
    }
  }

  private void place(Node node, Place made, Origin origin, boolean withData) throws ErrnoException {
    List<Node.Link> links = List.copyOf(node.links);
    for (Node.Link link : links) {
      directories.ensure(link.parent());
    }
    if (!links.isEmpty() && node.lower().linkCount() > 1) {
      placeIndexed(node, made, origin, links, withData);
      return;
    }
    long inode = Upper.inodeAt(made);
    if (links.isEmpty()) {
      node.pin = made.open(NameCalls.O_PATH | NameCalls.O_NOFOLLOW);
      posix.names().unlink(made.descriptor(), made.name());
      isUpper(node, inode, 0, withData);
    } else {
      directories.moveTo(links.getFirst(), made);
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
      Node node, Place made, Origin origin, List<Node.Link> links, boolean withData)
      throws ErrnoException {
    long inode = Upper.inodeAt(made);
    LinkIndex index = new LinkIndex(posix, tree.upper());
    int names = node.lower().linkCount() + node.linkDifference;
    byte[] indexName = origin.indexName();
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
        directories.keepTimes(link.parent(), () -> indexed.link(target, link.name().bytes()));
        linked++;
      } catch (ErrnoException e) {
        continue;
      }
    }
    return linked;
  }
}
