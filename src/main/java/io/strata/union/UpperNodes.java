package io.strata.union;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.Posix;
import io.strata.posix.Stat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes nodes of what is in the upper: reads its marks, and finds what belongs to it below.
 *
 * <p>Unless it says otherwise, a method is called under the name lock.
 */
final class UpperNodes {
  private final Posix posix;
  private final Upper upper;
  private final LowerMerge merge;
  private final NodeTable nodes;

  UpperNodes(Posix posix, Upper upper, LowerMerge merge, NodeTable nodes) {
    this.posix = posix;
    this.upper = upper;
    this.merge = merge;
    this.nodes = nodes;
  }

  Upper upper() {
    return upper;
  }

  /** The node of a lower file that was copied up under another of its names; null if it was not. */
  @Nullable Node indexed(Lower lower) throws ErrnoException {
    Node indexed = new LinkIndex(posix, upper).find(lower);
    if (indexed != null) {
      Place place = upper.place(indexed);
      repair(indexed, place);
      indexed.protection = UpperMarks.protection(place, place.xattrNames());
    }
    return indexed;
  }

  /** The node of an entry of the upper, which may be in the table already. */
  Node node(Node parent, Name name, Place place, Stat stat) throws ErrnoException {
    byte[] attributes = place.xattrNames();
    if (!UpperMarks.any(attributes)) {
      return stat.isDirectory()
          ? upperDirectory(parent, name, place, stat, false)
          : unmarkedFile(parent, name, place, stat);
    }
    Node node =
        stat.isDirectory()
            ? upperDirectory(parent, name, place, stat, true)
            : markedFile(parent, name, place, stat, attributes);
    node.protection = UpperMarks.protection(place, attributes);
    return node;
  }

  private Node unmarkedFile(Node parent, Name name, Place place, Stat stat) throws ErrnoException {
    Origin origin = knownOrigin(parent, name, place.originBeside(stat.inode));
    return origin == null ? newNode(place, stat) : copyOf(origin, stat);
  }

  private Node markedFile(Node parent, Name name, Place place, Stat stat, byte[] attributes)
      throws ErrnoException {
    Node node = upperFile(parent, name, place, stat);
    boolean lost = node.indexName == null && UpperMarks.isCounted(attributes);
    return lost ? withoutIndex(node, place, stat) : node;
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
    Node node = lowers.isEmpty() ? newNode(place, stat) : inUpper(stat, Node.of(lowers));
    node.redirect = redirect;
    return node;
  }

  /**
   * A copy that was in the index, and the index is gone or of other layers: it is the lower file no
   * more, whose other names show that.
   */
  private static Node withoutIndex(Node node, Place place, Stat stat) {
    Node own = newNode(place, stat, node.lowers);
    own.dataInUpper = node.dataInUpper;
    own.redirect = node.redirect;
    return own;
  }

  private Node upperFile(Node parent, Name name, Place place, Stat stat) throws ErrnoException {
    Origin origin = knownOrigin(parent, name, UpperMarks.origin(place));
    if (stat.isRegular() && UpperMarks.isMetacopy(place)) {
      return metacopy(parent, name, place, stat, origin);
    }
    Node node = origin == null ? newNode(place, stat) : copyOf(origin, stat);
    if (origin != null && stat.linkCount > 1) {
      new LinkIndex(posix, upper)
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
            : merge.fileByRedirect(parent.lowers, redirect);
    if (lowers.isEmpty() || lowers.getFirst().type() != Stat.S_IFREG) {
      throw ErrnoException.of(Errno.EIO); // as kernel overlayfs: the data is lost
    }
    Node node = inUpper(stat, Node.of(lowers));
    node.dataInUpper = false;
    node.redirect = redirect;
    repair(node, place);
    if (origin != null && stat.linkCount > 1) {
      new LinkIndex(posix, upper)
          .attach(node, origin, stat, () -> lowerLinks(origin, parent, name));
    }
    return node;
  }

  /** How many names the file has below that a copy under this name was made of. */
  private int lowerLinks(Origin origin, Node parent, Name name) throws ErrnoException {
    List<Lower> beneath = merge.byName(parent.lowers, name);
    boolean same = !beneath.isEmpty() && beneath.getFirst().inode() == merge.inode(origin);
    return same ? beneath.getFirst().linkCount() : merge.linkCount(origin);
  }

  private byte @Nullable [] redirect(Place place) throws ErrnoException {
    byte[] redirect = UpperMarks.redirect(place);
    if (redirect != null && !upper.features().followsRedirects()) {
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
  private @Nullable Origin knownOrigin(Node parent, Name name, byte @Nullable [] value)
      throws ErrnoException {
    if (value == null) {
      return null;
    }
    Origin origin = Origin.decode(value, merge.unmarked());
    if (origin == null) {
      return merge.kernelOrigin(value, parent.lowers, name);
    }
    return origin.isOf(merge.generation(origin.layer())) ? origin : null;
  }

  /** A node for a copy, which is the file that it was made of. */
  private Node copyOf(Origin origin, Stat stat) {
    int generation = merge.handleGeneration(origin.layer());
    return inUpper(stat, new Node(merge.inode(origin), generation, stat.type(), List.of()));
  }

  private static Node inUpper(Stat stat, Node node) {
    node.inUpper = true;
    node.dataInUpper = true;
    node.upperInode = stat.inode;
    node.protection = 0; // what is below does not count any more
    return node;
  }

  /** A node for what was just made in the upper. */
  static Node newNode(Place place, Stat stat) {
    return newNode(place, stat, List.of());
  }

  private static Node newNode(Place place, Stat stat, List<Lower> lowers) {
    long inode = Upper.IDS.inode(stat.inode);
    return inUpper(stat, new Node(inode, Generations.of(place, stat), stat.type(), lowers));
  }
}
