package io.strata.union;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.Posix;
import io.strata.posix.Stat;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The index of lower files that have several names and were copied up: each stands there under a
 * name made from its origin, so that names which were not copied up find it too.
 *
 * <p>Source: the index feature of overlayfs, Documentation/filesystems/overlayfs.rst and {@code
 * ovl_get_nlink} of fs/overlayfs/util.c. Called under the name lock.
 */
record LinkIndex(Posix posix, Upper upper) {
  private static final byte[] NAMES = OverlayXattrs.bytes("trusted.overlay.strata.names");
  private static final byte[] USER_NAMES = OverlayXattrs.bytes("user.overlay.strata.names");

  /** A node for a lower file that was copied up under whatever name; null if it was not. */
  @Nullable Node find(Lower lower) throws ErrnoException {
    Node node = find(lower, Origin.ofIndexed(lower));
    Origin kernel = node == null && upper.isIndexedByKernel() ? lower.kernelOrigin() : null;
    return kernel == null ? node : find(lower, kernel);
  }

  private @Nullable Node find(Lower lower, Origin origin) throws ErrnoException {
    byte[] name = origin.indexName();
    Place place = place(name);
    Stat stat = Tree.statOrNull(place);
    if (stat == null || stat.type() != lower.type()) { // the kernel puts whiteouts there, too
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
    node.linkDifference = difference(place, stat, lower::linkCount);
    return node;
  }

  /** Tells how many names a lower file has; 0 where nobody knows. */
  interface LowerLinks {
    int count() throws ErrnoException;
  }

  /** Makes a node that was found in the upper known as indexed, if it is. */
  void attach(Node node, Origin origin, Stat stat, LowerLinks lower) throws ErrnoException {
    byte[] name = origin.indexName();
    Stat indexed = Tree.statOrNull(place(name));
    if (indexed != null && indexed.inode == stat.inode) {
      node.indexName = name;
      node.linkDifference = difference(place(name), stat, lower);
    }
  }

  Place place(byte[] indexName) {
    return upper.indexPlace(indexName);
  }

  /** How many names more than the upper file has, settled if a server was killed meanwhile. */
  private int difference(Place place, Stat stat, LowerLinks lower) throws ErrnoException {
    byte[] names = place.xattr(namesAttribute());
    if (names == null) {
      return readDifference(place, stat, lower);
    }
    int difference = number(names, 0) - stat.linkCount;
    settle(place, difference);
    return difference;
  }

  private byte[] namesAttribute() {
    return upper.xattrs() == OverlayXattrs.PRIVILEGED ? NAMES : USER_NAMES;
  }

  /** From here on until {@link #settle} the file has {@code names}, whatever its link count is. */
  void announce(Place place, int names) throws ErrnoException {
    place.setXattr(namesAttribute(), Integer.toString(names).getBytes(US_ASCII), 0);
  }

  /** Ends what {@link #announce} began: the union has so many names more than the upper file. */
  void settle(Place place, int difference) throws ErrnoException {
    writeDifference(place, difference);
    place.removeXattr(namesAttribute());
  }

  /** Gives the upper file a name that the union gives it already. */
  void materialize(Node node, Place name) throws ErrnoException {
    byte[] indexName = node.indexName;
    if (indexName == null || Tree.statOrNull(name) != null) {
      return;
    }
    Place file = place(indexName);
    Stat stat = new Stat();
    file.stat(stat);
    announce(file, stat.linkCount + node.linkDifference);
    file.link(name.descriptor(), name.name());
    node.linkDifference--;
    settle(file, node.linkDifference);
  }

  /**
   * Removes files of which the last name went when a server was killed.
   *
   * @param unmarked see {@link Origin#decode}
   * @return whether there are others than ours: kernel overlayfs has copied up from directories
   */
  boolean clean(LayerIds unmarked) throws ErrnoException {
    List<Name> found = new ArrayList<>();
    DirectoryReader.list(posix, upper.index(), (name, type, inode, file) -> found.add(name));
    boolean others = false;
    for (Name name : found) {
      others |= Origin.ofIndexName(name.bytes(), unmarked) == null;
      Place file = place(name.bytes());
      Stat stat = Tree.statOrNull(file);
      if (stat != null && stat.isRegular() && stat.linkCount == 1 && isNameless(file, stat)) {
        posix.names().unlink(upper.index(), name.bytes());
      }
    }
    return others;
  }

  private boolean isNameless(Place file, Stat stat) throws ErrnoException {
    byte[] recorded = UpperMarks.linkDifference(file);
    return recorded != null
        && recorded[0] == 'U'
        && difference(file, stat, () -> 0) == -stat.linkCount;
  }

  /**
   * How many names more than the upper file has: {@code U+n} says so, {@code L+n} compares with the
   * lower file. Where neither can be told, the upper's names are all, but for the one here.
   */
  private int readDifference(Place place, Stat stat, LowerLinks lower) throws ErrnoException {
    byte[] value = UpperMarks.linkDifference(place);
    if (value == null || value.length < 3) {
      return -1;
    }
    int difference = number(value, 1);
    if (value[0] != 'L') {
      return difference;
    }
    int lowerLinks = lower.count();
    if (lowerLinks == 0) {
      return -1;
    }
    int settled = lowerLinks + difference - stat.linkCount;
    writeDifference(place, settled); // the lower file's names will not be counted again
    return settled;
  }

  private static int number(byte[] value, int from) throws ErrnoException {
    try {
      return Integer.parseInt(new String(value, from, value.length - from, US_ASCII));
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
