package io.strata.union;

import static io.strata.posix.NameCalls.RENAME_EXCHANGE;
import static io.strata.posix.NameCalls.RENAME_NOREPLACE;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.NameCalls;
import io.strata.posix.Posix;
import io.strata.posix.Stat;
import org.jspecify.annotations.Nullable;

/**
 * Moves names. What moves is in the upper; a directory that has something below gets
 * overlay.redirect first, so that it finds that at its new place, as overlayfs's redirect_dir.
 *
 * <p>All methods are called under the exclusive name lock.
 */
final class Renames {
  private final Tree tree;
  private final CopyUp copyUp;
  private final Removal removal;
  private final Posix posix;

  Renames(Tree tree, CopyUp copyUp, Removal removal) {
    this.tree = tree;
    this.copyUp = copyUp;
    this.removal = removal;
    this.posix = tree.posix;
  }

  /** One end of a rename. */
  private record End(Node parent, Name name, @Nullable Node node) {
    Node present() throws ErrnoException {
      if (node == null) {
        throw ErrnoException.of(Errno.ENOENT);
      }
      return node;
    }
  }

  /**
   * Moves {@code node}, which is in the upper, or in case of a directory may become so.
   *
   * @param target what the new name leads to so far, or null
   */
  void rename(
      Node parent,
      Name name,
      Node node,
      Node newParent,
      Name newName,
      @Nullable Node target,
      int flags)
      throws ErrnoException {
    End from = new End(parent, name, node);
    End to = new End(newParent, newName, target);
    check(from, to, flags);
    checkRedirects(from, to, flags);
    copyUp.directory(parent);
    copyUp.directory(newParent);
    if (node.isDirectory()) {
      copyUp.directory(node);
    }
    materialize(from);
    if ((flags & RENAME_EXCHANGE) != 0) {
      exchange(from, to);
    } else if (node != target) {
      move(from, to);
    }
  }

  /** RENAME_WHITEOUT goes only with flags that leave the old name free. */
  static void checkWhiteout(int others) throws ErrnoException {
    if ((others & RENAME_EXCHANGE) != 0) {
      throw ErrnoException.of(Errno.EINVAL);
    }
  }

  private void check(End from, End to, int flags) throws ErrnoException {
    Node target = to.node;
    if (Whiteouts.isOpaqueFile(to.name.bytes())) {
      throw ErrnoException.of(Errno.EPERM);
    }
    if ((flags & ~(RENAME_NOREPLACE | RENAME_EXCHANGE)) != 0
        || flags == (RENAME_NOREPLACE | RENAME_EXCHANGE)) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    Protection.checkLeave(from.parent, from.present());
    Protection.checkEnter(to.parent);
    if (target != null) {
      Protection.checkLeave(to.parent, target);
    }
    if ((flags & RENAME_EXCHANGE) != 0) {
      to.present();
      return;
    }
    if (target == null) {
      return;
    }
    if ((flags & RENAME_NOREPLACE) != 0) {
      throw ErrnoException.of(Errno.EEXIST);
    }
    Node node = from.present();
    if (node.isDirectory() && !target.isDirectory()) {
      throw ErrnoException.of(Errno.ENOTDIR);
    }
    if (!node.isDirectory() && target.isDirectory()) {
      throw ErrnoException.of(Errno.EISDIR);
    }
    if (target.isDirectory() && node != target && !tree.listing(target).isEmpty()) {
      throw ErrnoException.of(Errno.ENOTEMPTY);
    }
  }

  /** Without redirects a directory that has something below stays where it is: mv(1) copies. */
  private void checkRedirects(End from, End to, int flags) throws ErrnoException {
    Node target = to.node;
    boolean exchanges = target != null && (flags & RENAME_EXCHANGE) != 0;
    if (tree.upper().features().makesRedirects()) {
      return;
    }
    if (hasLowerPart(from.present()) || exchanges && hasLowerPart(to.present())) {
      throw ErrnoException.of(Errno.EXDEV);
    }
  }

  private static boolean hasLowerPart(Node node) {
    return node.isDirectory() && !node.lowers.isEmpty();
  }

  /** A name of an indexed file may not be in the upper yet, though the file is. */
  private void materialize(End end) throws ErrnoException {
    Upper upper = tree.upper();
    new LinkIndex(posix, upper).materialize(end.present(), upper.place(end.parent, end.name));
  }

  private void move(End from, End to) throws ErrnoException {
    Node node = from.present();
    Upper upper = tree.upper();
    Place source = upper.place(from.parent, from.name);
    Place place = upper.place(to.parent, to.name);
    boolean leavesWhiteout = tree.isBelow(from.parent, from.name);
    prepare(node, from, to);
    if (node.isDirectory()) {
      clearTarget(to, place);
    }
    int targetNames = prepareTarget(to, place);
    noteCopy(node, to.parent);
    moveEntry(source, place, node.isDirectory(), leavesWhiteout);
    dropTarget(to, targetNames);
    moved(from, to);
  }

  private void noteCopy(Node node, Node parent) throws ErrnoException {
    if (node.isCopy()) {
      tree.upper().holdsCopies(parent);
    }
  }

  private void moved(End from, End to) throws ErrnoException {
    Node node = from.present();
    tree.nodes.unlink(node, from.parent, from.name);
    tree.removed(from.parent, from.name, node);
    tree.nodes.link(node, to.parent, to.name);
    tree.added(to.parent, to.name, node);
  }

  private int prepareTarget(End to, Place place) throws ErrnoException {
    Node target = to.node;
    if (target == null) {
      return 0;
    }
    new LinkIndex(posix, tree.upper()).materialize(target, place);
    int names = target.isDirectory() ? 1 : removal.linkCount(target);
    if (target.inUpper && (names <= 1 || (target.indexName == null && target.links.size() == 1))) {
      tree.upper().pin(target);
    }
    return names;
  }

  private void dropTarget(End to, int names) throws ErrnoException {
    Node target = to.node;
    if (target == null) {
      return;
    }
    if (target.isDirectory()) {
      removal.gone(to.parent, to.name, target);
    } else {
      tree.nodes.unlink(target, to.parent, to.name);
      tree.removed(to.parent, to.name, target);
      removal.countDown(target, names - 1);
    }
  }

  private void moveEntry(Place from, Place to, boolean directory, boolean leavesWhiteout)
      throws ErrnoException {
    NameCalls calls = posix.names();
    Stat there = directory ? Tree.statOrNull(to) : null;
    if (there != null && !there.isDirectory()) { // a whiteout: no directory can replace it
      tree.upper().whiteouts().expectAt(from);
      calls.rename(from.descriptor(), from.name(), to.descriptor(), to.name(), RENAME_EXCHANGE);
      if (!leavesWhiteout) {
        calls.unlink(from.descriptor(), from.name());
      }
      return;
    }
    if (leavesWhiteout) {
      tree.upper().whiteouts().move(from, to);
    } else {
      calls.rename(from.descriptor(), from.name(), to.descriptor(), to.name(), 0);
    }
  }

  /** An empty directory that is to be replaced may hold whiteouts in the upper: then not empty. */
  private void clearTarget(End to, Place place) throws ErrnoException {
    Node target = to.node;
    if (target == null || !target.inUpper || !holdsAnything(target)) {
      return;
    }
    Upper upper = tree.upper();
    upper.pin(target);
    WorkDirectory work = upper.work();
    byte[] name = work.newName();
    try {
      posix.names().mkdir(work.descriptor(), name, 0700);
      new MetadataCopy(upper.form()).copyUpper(place, work.place(name));
      work.place(name).setXattr(upper.xattrs().opaque(), OverlayXattrs.YES, 0);
      posix
          .names()
          .rename(work.descriptor(), name, place.descriptor(), place.name(), RENAME_EXCHANGE);
    } finally {
      work.discard(name);
    }
  }

  private boolean holdsAnything(Node directory) throws ErrnoException {
    boolean[] any = {false};
    DirectoryReader.list(
        posix, tree.upper().directory(directory), (name, type, inode, file) -> any[0] = true);
    return any[0];
  }

  /** Sees to it that a node shows at its new name what it shows now, and no more. */
  private void prepare(Node node, End from, End to) throws ErrnoException {
    Upper upper = tree.upper();
    Place place = upper.place(from.parent, from.name);
    if (Redirects.isNeeded(node)) {
      Redirects.record(upper, node, place);
    } else if (node.isDirectory() && tree.isBelow(to.parent, to.name)) {
      place.setXattr(upper.xattrs().opaque(), OverlayXattrs.YES, 0);
    }
  }

  private void exchange(End from, End to) throws ErrnoException {
    Node first = from.present();
    Node second = to.present();
    if (second.isDirectory()) {
      copyUp.directory(second);
    }
    materialize(to);
    prepare(first, from, to);
    prepare(second, to, from);
    noteCopy(first, to.parent);
    noteCopy(second, from.parent);
    Place source = tree.upper().place(from.parent, from.name);
    Place place = tree.upper().place(to.parent, to.name);
    posix
        .names()
        .rename(
            source.descriptor(), source.name(), place.descriptor(), place.name(), RENAME_EXCHANGE);
    exchanged(from, to, first, second);
  }

  private void exchanged(End from, End to, Node first, Node second) {
    tree.nodes.lookedUp(first); // neither may be dropped between
    tree.nodes.lookedUp(second);
    tree.nodes.unlink(first, from.parent, from.name);
    tree.nodes.unlink(second, to.parent, to.name);
    tree.removed(from.parent, from.name, first);
    tree.removed(to.parent, to.name, second);
    tree.nodes.link(first, to.parent, to.name);
    tree.nodes.link(second, from.parent, from.name);
    tree.added(to.parent, to.name, first);
    tree.added(from.parent, from.name, second);
    tree.release(first);
    tree.release(second);
  }
}
