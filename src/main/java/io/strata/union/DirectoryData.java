package io.strata.union;

import io.strata.fuse.DirectorySink;
import io.strata.fuse.Entry;
import io.strata.fuse.Request;
import io.strata.posix.ErrnoException;
import io.strata.posix.Stat;
import org.jspecify.annotations.Nullable;

/**
 * Lists directories to the kernel. Offsets are positions in the directory's {@link
 * DirectoryListing}, which all openings share and which lasts, moved up by three: one for the
 * beginning and two for {@code .} and {@code ..}. So the kernel's own cache of a listing fits too.
 */
final class DirectoryData {
  private static final byte[] DOTS = {'.', '.'};
  private static final int FIRST = 2;

  private final Tree tree;
  private final LowerPages pages;
  private final Durability durability;

  DirectoryData(Tree tree, LowerPages pages) {
    this.tree = tree;
    this.pages = pages;
    this.durability = new Durability(tree);
  }

  /** Called without the name lock. */
  void read(Request request, Node directory, long offset, DirectorySink sink)
      throws ErrnoException {
    int given;
    tree.lock.readLock().lock();
    try {
      Entry entry = new Entry();
      if (offset < 1) {
        accessed(directory);
      }
      if (offset < 1 && !addDots(directory.shownInode(), 1, entry, sink)) {
        return;
      }
      if (offset < FIRST && !addDots(above(directory).shownInode(), FIRST, entry, sink)) {
        return;
      }
      given = addEntries(directory, Math.max(offset - FIRST, 0), entry, sink);
    } finally {
      tree.lock.readLock().unlock();
    }
    if (offset >= FIRST && given == 0) {
      pages.listed(request, directory);
    }
  }

  /** Reading begins, which sets the time of access, whether its listing is known or not. */
  private void accessed(Node directory) {
    if (!directory.inUpper || directory.removed) {
      return;
    }
    try {
      Upper upper = tree.upper();
      if (!upper.keepsDirectoryAccess()) {
        return;
      }
      if (directory.listing == null) {
        tree.listing(directory, true);
      } else {
        DirectoryReader.touch(tree.posix, upper.directory(directory));
      }
    } catch (ErrnoException e) {
      return; // a directory that the server may not read: the listing tells
    }
  }

  private static Node above(Node directory) {
    Node.Link link = directory.link();
    return link == null ? directory : link.parent();
  }

  private static boolean addDots(long inode, int dots, Entry entry, DirectorySink sink) {
    return addName(DOTS, dots, inode, Stat.S_IFDIR, dots, entry, sink);
  }

  private static boolean addName(
      byte[] name, int length, long inode, int type, long next, Entry entry, DirectorySink sink) {
    if (!sink.plus()) {
      return sink.add(name, 0, length, inode, type, next);
    }
    entry.clear();
    entry.attributes.inode = inode;
    entry.attributes.mode = type;
    return sink.add(name, 0, length, entry, next);
  }

  /** Gives how many entries it has come by. */
  private int addEntries(Node directory, long from, Entry entry, DirectorySink sink)
      throws ErrnoException {
    if (directory.removed) {
      return 0;
    }
    int given = 0;
    DirectoryListing listing = tree.listing(directory);
    for (int slot = listing.slotFrom(from); slot < listing.slots(); slot++) {
      DirectoryListing.Item item = listing.at(slot);
      long next = listing.position(slot) + 1 + FIRST;
      if (item != null) {
        given++;
        if (!addItem(directory, item, next, entry, sink)) {
          break;
        }
      }
    }
    return given;
  }

  private boolean addItem(
      Node directory, DirectoryListing.Item item, long next, Entry entry, DirectorySink sink)
      throws ErrnoException {
    byte[] name = item.name().bytes();
    if (!sink.plus() && item.inode() != 0) {
      return sink.add(name, 0, name.length, item.inode(), item.type(), next);
    }
    Node node;
    try {
      node = find(directory, item);
    } catch (ErrnoException e) {
      // The name is there all the same; whoever opens it gets the error.
      return addName(name, name.length, item.inode(), item.type(), next, entry, sink);
    }
    if (node == null) {
      return true; // gone between listing and now: only where somebody else works in the upper
    }
    if (!sink.plus()) {
      boolean fits = sink.add(name, 0, name.length, node.shownInode(), node.type, next);
      tree.release(node);
      return fits;
    }
    return addPlus(name, node, next, entry, sink);
  }

  private @Nullable Node find(Node directory, DirectoryListing.Item item) throws ErrnoException {
    Lower lower = item.lower();
    return lower != null
        ? tree.lookUp(directory, item.name(), lower)
        : tree.lookUp(directory, item.name().bytes(), item.from());
  }

  private boolean addPlus(byte[] name, Node node, long next, Entry entry, DirectorySink sink) {
    boolean fits = false;
    boolean known = false;
    try {
      entry.clear();
      tree.fill(node, entry);
      known = true;
      fits = sink.add(name, 0, name.length, entry, next);
    } catch (ErrnoException e) {
      // A directory that the server may not read, whose names would have to be counted.
      return addName(name, name.length, node.shownInode(), node.type, next, entry, sink);
    } finally {
      if (!known || !fits) {
        tree.release(node);
      }
    }
    return fits;
  }

  /** Called without the name lock. */
  void fsync(Node directory, boolean dataOnly) throws ErrnoException {
    durability.directory(directory, dataOnly);
  }
}
