package io.strata.union;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.Posix;
import io.strata.posix.Stat;
import java.util.List;

/**
 * The index of lower files that have several names and were copied up: each stands there under a
 * name made from its origin, so that names which were not copied up find it too.
 *
 * <p>Source: the index feature of overlayfs, Documentation/filesystems/overlayfs.rst and {@code
 * ovl_get_nlink} of fs/overlayfs/util.c. Called under the name lock.
 */
record LinkIndex(Posix posix, Upper upper) {
  /** A node for a lower file that was copied up under whatever name; null if it was not. */
  @org.jspecify.annotations.Nullable
  Node find(Lower lower) throws ErrnoException {
    byte[] name = Origin.of(lower).indexName();
    Place place = place(name);
    Stat stat = Tree.statOrNull(place);
    if (stat == null) {
      return null;
    }
    Node node = Node.of(List.of(lower));
    node.inUpper = true;
    node.dataInUpper = !(stat.isRegular() && UpperMarks.isMetacopy(place));
    if (!node.dataInUpper) {
      node.redirect = UpperMarks.redirect(place);
    }
    node.upperInode = stat.inode;
    node.indexName = name;
    node.linkDifference = readDifference(place, stat, lower.linkCount());
    return node;
  }

  /** Makes a node that was found in the upper known as indexed, if it is. */
  void attach(Node node, Origin origin, Stat stat) throws ErrnoException {
    byte[] name = origin.indexName();
    Stat indexed = Tree.statOrNull(place(name));
    if (indexed != null && indexed.inode == stat.inode) {
      node.indexName = name;
      node.linkDifference = readDifference(place(name), stat, 0);
    }
  }

  Place place(byte[] indexName) {
    return new Place(posix, upper.index(), indexName);
  }

  /** How many names more than the upper file has; without a record, its name here counts not. */
  private static int readDifference(Place place, Stat stat, int lowerLinks) throws ErrnoException {
    byte[] value = UpperMarks.linkDifference(place);
    if (value == null || value.length < 3) {
      return -1;
    }
    try {
      int difference = Integer.parseInt(new String(value, 1, value.length - 1, US_ASCII));
      return value[0] == 'L' ? lowerLinks + difference - stat.linkCount : difference;
    } catch (NumberFormatException e) {
      throw ErrnoException.of(Errno.EIO);
    }
  }

  /** Records that the union has {@code difference} names more than the upper file. */
  void writeDifference(Place place, int difference) throws ErrnoException {
    String value = "U" + (difference < 0 ? "" : "+") + difference;
    place.setXattr(upper.xattrs().linkDifference(), value.getBytes(US_ASCII), 0);
  }

  /** A node's last name went: nobody will look for it here. */
  void remove(Node node) throws ErrnoException {
    byte[] name = node.indexName;
    if (name != null) {
      posix.names().unlink(upper.index(), name);
      node.indexName = null;
      node.linkDifference = 0;
    }
  }
}
