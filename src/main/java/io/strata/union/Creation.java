package io.strata.union;

import io.strata.fuse.Request;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.NameCalls;
import io.strata.posix.Posix;
import io.strata.posix.Stat;
import org.jspecify.annotations.Nullable;

/**
 * Makes new entries. Where nothing stands in the way, in place and in one call, as the caller's
 * user; over a whiteout, in the work directory and then moved over it in one step.
 *
 * <p>All methods but {@link #effectiveMode} are called under the exclusive name lock.
 */
final class Creation {
  /** Makes something under a name that is free. */
  interface Maker {
    void make(int directory, byte[] name) throws ErrnoException;
  }

  private final Tree tree;
  private final CopyUp copyUp;
  private final Posix posix;
  private final Ownership ownership;

  Creation(Tree tree, CopyUp copyUp, Ownership ownership) {
    this.tree = tree;
    this.copyUp = copyUp;
    this.posix = tree.posix;
    this.ownership = ownership;
  }

  /** Gives {@code parent} one more entry; its node is counted as looked up. */
  Node create(Request request, Node parent, byte[] name, int mode, Maker maker)
      throws ErrnoException {
    return isFreeBelow(parent, name) && inPlace(request, parent, name, mode, maker)
        ? register(parent, Name.sharing(name), tree.upper().place(parent, Name.sharing(name)))
        : createCarefully(request, parent, name, mode, maker);
  }

  /** Whether only something in the upper can stand in the way. */
  private boolean isFreeBelow(Node parent, byte[] name) throws ErrnoException {
    Tree.checkName(name);
    return !parent.removed
        && parent.protection == 0
        && !Whiteouts.isOpaqueFile(name)
        && !tree.isBelow(parent, Name.sharing(name));
  }

  /** Makes it at once, as mostly works; gives false if nothing was made. */
  private boolean inPlace(Request request, Node parent, byte[] name, int mode, Maker maker)
      throws ErrnoException {
    copyUp.directory(parent);
    Place place = tree.upper().place(parent, Name.sharing(name));
    try {
      if (directoryPlace(parent).isOverridden()
          || !ownership.as(request, () -> maker.make(place.descriptor(), name))) {
        return false;
      }
    } catch (ErrnoException e) {
      if (e.errno() == Errno.EEXIST) {
        return false; // an entry of the union, or a whiteout
      }
      throw e;
    }
    keepSetgid(request, place, mode);
    return true;
  }

  private Node createCarefully(Request request, Node parent, byte[] name, int mode, Maker maker)
      throws ErrnoException {
    Place place = freePlace(parent, name);
    if (Tree.statOrNull(place) != null) {
      inWork(request, parent, place, mode, maker, true);
    } else if (directoryPlace(parent).isOverridden()
        || !ownership.as(request, () -> maker.make(place.descriptor(), name))) {
      inWork(request, parent, place, mode, maker, false);
    } else {
      keepSetgid(request, place, mode);
    }
    return register(parent, Name.sharing(name), place);
  }

  /**
   * Made as the caller, but without its other groups, a file may have lost a setgid bit that the
   * caller may give. Kernels from 6.0 on have taken it off before where the caller may not.
   */
  private static void keepSetgid(Request request, Place made, int mode) throws ErrnoException {
    if ((mode & Stat.S_ISGID) == 0 || (mode & Stat.S_IFMT) == Stat.S_IFDIR) {
      return;
    }
    Stat stat = new Stat();
    made.stat(stat);
    if ((stat.mode & Stat.S_ISGID) == 0 && CallerRights.mayKeepSetgid(request, stat.gid)) {
      made.chmod(stat.mode & 07777 | Stat.S_ISGID);
    }
  }

  /** The place for a new entry, its directory copied up; EEXIST if the union has the name. */
  private Place freePlace(Node parent, byte[] name) throws ErrnoException {
    Upper upper = tree.upper();
    if (Whiteouts.isOpaqueFile(name)) {
      throw ErrnoException.of(Errno.EPERM);
    }
    Node known = tree.lookUp(parent, name);
    if (known != null) {
      tree.release(known);
      throw ErrnoException.of(Errno.EEXIST);
    }
    if (parent.removed) {
      throw ErrnoException.of(Errno.ENOENT);
    }
    Protection.checkEnter(parent);
    copyUp.directory(parent);
    return upper.place(parent, Name.sharing(name));
  }

  private void inWork(
      Request request, Node parent, Place place, int mode, Maker maker, boolean hidden)
      throws ErrnoException {
    WorkDirectory work = tree.upper().work();
    byte[] temporary = work.newName();
    try {
      makeInWork(parent, temporary, mode, maker);
      ownership.give(request, work.place(temporary), directoryPlace(parent), mode);
      moveTo(work, temporary, place, (mode & Stat.S_IFMT) == Stat.S_IFDIR && hidden);
    } catch (ErrnoException e) {
      work.discard(temporary);
      throw e;
    }
  }

  /**
   * Does {@code move}, which takes {@code name} away, and leaves a device 0:0 there for all to see:
   * what an overlayfs that has this mount as its upper asks of RENAME_WHITEOUT.
   */
  void leaveWhiteout(Request request, Node parent, Name name, Step move) throws ErrnoException {
    copyUp.directory(parent);
    WorkDirectory work = tree.upper().work();
    byte[] temporary = work.newName();
    try {
      special(request, work.descriptor(), temporary, Stat.S_IFCHR, Whiteouts.STAND_IN);
      ownership.give(request, work.place(temporary), directoryPlace(parent), Stat.S_IFCHR);
      move.run();
      Place place = tree.upper().place(parent, name);
      moveTo(work, temporary, place, false);
      tree.release(register(parent, name, place));
    } catch (ErrnoException e) {
      work.discard(temporary);
      throw e;
    }
  }

  /** Makes it as if it were in {@code parent}: with the ACL that it inherits there. */
  private void makeInWork(Node parent, byte[] temporary, int mode, Maker maker)
      throws ErrnoException {
    WorkDirectory work = tree.upper().work();
    byte[] acl = (mode & Stat.S_IFMT) == Stat.S_IFLNK ? null : defaultAcl(parent);
    if (acl == null) {
      maker.make(work.descriptor(), temporary);
      return;
    }
    byte[] name = work.newName();
    posix.names().mkdir(work.descriptor(), name, 0700);
    int directory = -1;
    try {
      work.place(name).setXattr(Acl.DEFAULT, acl, 0);
      directory = work.place(name).open(NameCalls.O_PATH | NameCalls.O_DIRECTORY);
      maker.make(directory, temporary);
      posix.names().rename(directory, temporary, work.descriptor(), temporary, 0);
    } finally {
      if (directory >= 0) {
        posix.files().close(directory);
      }
      work.discard(name);
    }
  }

  private Place directoryPlace(Node directory) throws ErrnoException {
    return tree.upper().self(tree.upper().directory(directory));
  }

  /** A new directory over a whiteout must hide what the whiteout hid. */
  private void moveTo(WorkDirectory work, byte[] temporary, Place place, boolean opaque)
      throws ErrnoException {
    NameCalls names = posix.names();
    if (opaque) {
      work.place(temporary).setXattr(tree.upper().xattrs().opaque(), OverlayXattrs.YES, 0);
      names.rename(
          work.descriptor(),
          temporary,
          place.descriptor(),
          place.name(),
          NameCalls.RENAME_EXCHANGE);
      work.discard(temporary); // the whiteout
    } else {
      names.rename(work.descriptor(), temporary, place.descriptor(), place.name(), 0);
    }
  }

  private Node register(Node parent, Name name, Place place) throws ErrnoException {
    place.keepReachable();
    Stat stat = new Stat();
    place.stat(stat);
    Node node = tree.nodes.add(UpperNodes.newNode(place, stat), parent, name, 1);
    node.seenWithoutCapability(node.xattrChanges());
    if (node.isDirectory() && Boolean.FALSE.equals(parent.defaultAcl)) {
      node.defaultAcl = false;
    }
    tree.added(parent, name, node);
    return node;
  }

  /** Gives a node that is in the upper one more name, and counts it as looked up. */
  void link(Node node, Node parent, byte[] name) throws ErrnoException {
    Protection.checkChange(node);
    Place place = freePlace(parent, name);
    Place from = tree.upper().place(node);
    if (Redirects.isNeeded(node)) {
      Redirects.record(tree.upper(), node, from);
    }
    if (node.isCopy()) {
      tree.upper().holdsCopies(parent);
    }
    if (Tree.statOrNull(place) == null) {
      from.link(place.descriptor(), name);
    } else {
      linkOverWhiteout(from, place);
    }
    Name key = Name.sharing(name);
    tree.nodes.link(node, parent, key);
    tree.nodes.lookedUp(node);
    tree.added(parent, key, node);
  }

  private void linkOverWhiteout(Place from, Place place) throws ErrnoException {
    WorkDirectory work = tree.upper().work();
    byte[] temporary = work.newName();
    from.link(work.descriptor(), temporary);
    try {
      moveTo(work, temporary, place, false);
    } catch (ErrnoException e) {
      work.discard(temporary);
      throw e;
    }
  }

  /** Makes a file without a name; its node is counted as looked up. Gives the open descriptor. */
  Unnamed unnamed(Request request, Node parent, int mode) throws ErrnoException {
    if (parent.removed) {
      throw ErrnoException.of(Errno.ENOENT);
    }
    Protection.checkEnter(parent);
    copyUp.directory(parent);
    int directory = tree.upper().directory(parent);
    int[] fd = {-1};
    Maker maker =
        (at, name) ->
            fd[0] = posix.names().open(at, name, NameCalls.O_TMPFILE | NameCalls.O_RDWR, mode);
    byte[] dot = {'.'};
    if (directoryPlace(parent).isOverridden()
        || !ownership.as(request, () -> maker.make(directory, dot))) {
      maker.make(directory, dot);
      ownership.give(request, tree.upper().self(fd[0]), directoryPlace(parent), mode);
    } else {
      keepSetgid(request, tree.upper().self(fd[0]), mode);
    }
    tree.upper().self(fd[0]).keepReachable();
    Stat stat = new Stat();
    posix.files().stat(fd[0], stat);
    Node node = UpperNodes.newNode(tree.upper().self(fd[0]), stat);
    node.pin = posix.names().open(NameCalls.AT_FDCWD, pathOf(fd[0]), NameCalls.O_PATH, 0);
    tree.nodes.addNameless(node);
    return new Unnamed(node, fd[0]);
  }

  private static byte[] pathOf(int descriptor) {
    return io.strata.posix.XattrCalls.pathOf(descriptor);
  }

  /** A file without a name, open for reading and writing. */
  record Unnamed(Node node, int descriptor) {}

  /**
   * The mode for a new file: with the umask, unless an ACL of the directory takes its place.
   *
   * <p>Called under the name lock.
   */
  int effectiveMode(Node parent, int mode, int umask) throws ErrnoException {
    return umask == 0 || hasDefaultAcl(parent) ? mode : mode & ~umask;
  }

  private boolean hasDefaultAcl(Node parent) throws ErrnoException {
    Boolean known = parent.defaultAcl;
    if (known == null) {
      known = defaultAcl(parent) != null;
      parent.defaultAcl = known;
    }
    return known;
  }

  private byte @Nullable [] defaultAcl(Node parent) throws ErrnoException {
    return parent.inUpper
        ? directoryPlace(parent).xattr(Acl.DEFAULT)
        : parent.lower().xattr(Acl.DEFAULT);
  }

  /** Makes a special file under a name that is free, as this upper and caller need it. */
  void special(Request request, int directory, byte[] name, int mode, long device)
      throws ErrnoException {
    boolean overrides = tree.overrides();
    new SpecialFiles(posix, overrides)
        .make(
            new Place(posix, directory, name, overrides),
            mode,
            device,
            ownership.isNatural(request));
  }
}
