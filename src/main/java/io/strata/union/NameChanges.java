package io.strata.union;

import static java.util.Objects.requireNonNull;

import io.strata.fuse.Entry;
import io.strata.fuse.Opened;
import io.strata.fuse.Request;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.NameCalls;
import io.strata.posix.Posix;
import io.strata.posix.Stat;
import org.jspecify.annotations.Nullable;

/**
 * What makes, moves and removes names: copies up what must be, without the name lock, and does the
 * change under it.
 */
final class NameChanges {
  private final Tree tree;
  private final Posix posix;
  private final CopyUp copyUp;
  private final Creation creation;
  private final Removal removal;
  private final Renames renames;
  private final FileData files;

  NameChanges(Tree tree, CopyUp copyUp, FileData files) {
    this.tree = tree;
    this.posix = tree.posix;
    this.copyUp = copyUp;
    this.files = files;
    this.creation = new Creation(tree, copyUp, new Ownership(posix, tree.overrides()));
    this.removal = new Removal(tree, copyUp);
    this.renames = new Renames(tree, copyUp, removal);
  }

  /** Something done under the exclusive name lock. */
  private interface Change {
    void run() throws ErrnoException;
  }

  private void exclusively(Change change) throws ErrnoException {
    tree.lock.writeLock().lock();
    try {
      change.run();
    } finally {
      tree.lock.writeLock().unlock();
    }
  }

  /** Fills in the entry for a node; under the name lock. */
  static void fill(Tree tree, Node node, Entry entry) throws ErrnoException {
    entry.node = node.id;
    entry.generation = node.generation;
    entry.lifetime = tree.lifetime;
    tree.attributes(node, entry.attributes);
  }

  void symlink(Request request, Node parent, byte[] name, byte[] target, Entry entry)
      throws ErrnoException {
    make(
        request,
        parent,
        name,
        Stat.S_IFLNK | 0777,
        0,
        mode -> (at, free) -> posix.names().symlink(target, at, free),
        entry);
  }

  void makeNode(
      Request request, Node parent, byte[] name, int mode, int umask, long device, Entry entry)
      throws ErrnoException {
    int type = mode & Stat.S_IFMT;
    if (type == Stat.S_IFDIR || device == Whiteouts.STAND_IN) {
      throw ErrnoException.of(Errno.EPERM);
    }
    long stored = Whiteouts.stored(mode, device);
    make(
        request,
        parent,
        name,
        mode,
        umask,
        all ->
            (at, free) -> {
              if (SpecialFiles.is(all)) {
                creation.special(request, at, free, all, stored);
              } else {
                posix.names().mknod(at, free, all, stored);
              }
            },
        entry);
  }

  void makeDirectory(Request request, Node parent, byte[] name, int mode, int umask, Entry entry)
      throws ErrnoException {
    make(
        request,
        parent,
        name,
        Stat.S_IFDIR | mode & 07777,
        umask,
        all -> (at, free) -> posix.names().mkdir(at, free, all & 07777),
        entry);
  }

  /** Gives what makes an entry of the mode that goes. */
  private interface MakerOf {
    Creation.Maker of(int mode);
  }

  private void make(
      Request request, Node parent, byte[] name, int mode, int umask, MakerOf maker, Entry entry)
      throws ErrnoException {
    tree.upper();
    exclusively(
        () -> {
          int all = creation.effectiveMode(parent, mode, umask);
          fill(tree, creation.create(request, parent, name, all, maker.of(all)), entry);
        });
  }

  void create(
      Request request,
      Node parent,
      byte[] name,
      int flags,
      int mode,
      int umask,
      Entry entry,
      Opened opened)
      throws ErrnoException {
    tree.upper();
    Node[] known = {null};
    exclusively(
        () -> {
          try {
            createNew(request, parent, name, mode, umask, entry, opened);
          } catch (ErrnoException e) {
            known[0] = e.errno() == Errno.EEXIST ? tree.lookUp(parent, name) : null;
            if (known[0] == null) {
              throw e;
            }
          }
        });
    if (known[0] != null) {
      openKnown(request, known[0], flags, entry, opened);
    }
  }

  private void createNew(
      Request request, Node parent, byte[] name, int mode, int umask, Entry entry, Opened opened)
      throws ErrnoException {
    int all = Stat.S_IFREG | creation.effectiveMode(parent, mode & 07777, umask);
    int flags = NameCalls.O_CREAT | NameCalls.O_EXCL | NameCalls.O_RDWR;
    int[] fd = {-1};
    Creation.Maker maker = (at, free) -> fd[0] = posix.names().open(at, free, flags, all & 07777);
    try {
      Node node = creation.create(request, parent, name, all, maker);
      fill(tree, node, entry);
      files.created(node, fd[0], opened);
    } catch (ErrnoException e) {
      if (fd[0] >= 0) {
        posix.files().close(fd[0]);
      }
      throw e;
    }
  }

  private void openKnown(Request request, Node node, int flags, Entry entry, Opened opened)
      throws ErrnoException {
    boolean done = false;
    try {
      if ((flags & NameCalls.O_EXCL) != 0) {
        throw ErrnoException.of(Errno.EEXIST);
      }
      if (!node.isRegular()) {
        throw ErrnoException.of(node.isDirectory() ? Errno.EISDIR : Errno.EEXIST);
      }
      files.open(request, node, flags, opened);
      tree.lock.readLock().lock();
      try {
        fill(tree, node, entry);
      } finally {
        tree.lock.readLock().unlock();
      }
      done = true;
    } finally {
      if (!done) {
        tree.release(node);
      }
    }
  }

  void createUnnamed(Request request, Node parent, int mode, int umask, Entry entry, Opened opened)
      throws ErrnoException {
    tree.upper();
    exclusively(
        () -> {
          int all = creation.effectiveMode(parent, mode & 07777, umask);
          Creation.Unnamed made = creation.unnamed(request, parent, all);
          fill(tree, made.node(), entry);
          files.created(made.node(), made.descriptor(), opened);
        });
  }

  void link(Request request, Node node, Node parent, byte[] name, Entry entry)
      throws ErrnoException {
    if (node.isDirectory()) {
      throw ErrnoException.of(Errno.EPERM);
    }
    Tree.checkName(name);
    copyUp.ensureMetadata(request, node);
    exclusively(
        () -> {
          creation.link(node, parent, name);
          fill(tree, node, entry);
        });
  }

  void unlink(Request request, Node parent, byte[] name) throws ErrnoException {
    tree.upper();
    Node node = held(parent, name);
    try {
      if (node.isDirectory()) {
        throw ErrnoException.of(Errno.EISDIR);
      }
      keepLinkCount(request, node);
      exclusively(() -> removal.file(parent, Name.sharing(name), checked(parent, name, node)));
    } finally {
      tree.release(node);
    }
  }

  private void ensureTarget(Request request, Node target, int flags) throws ErrnoException {
    if ((flags & NameCalls.RENAME_EXCHANGE) != 0) {
      ensureFile(request, target);
    } else if ((flags & NameCalls.RENAME_NOREPLACE) == 0 && !target.isDirectory()) {
      keepLinkCount(request, target);
    }
  }

  /** Of a lower file that loses one of several names the rest is recorded, with the file's copy. */
  private void keepLinkCount(Request request, Node node) throws ErrnoException {
    if (hasOtherLowerNames(node)) {
      copyUp.ensureMetadata(request, node);
    }
  }

  private boolean hasOtherLowerNames(Node node) throws ErrnoException {
    tree.lock.readLock().lock();
    try {
      return !node.inUpper && node.lower().linkCount() + node.linkDifference > 1;
    } finally {
      tree.lock.readLock().unlock();
    }
  }

  void removeDirectory(Node parent, byte[] name) throws ErrnoException {
    tree.upper();
    Node node = held(parent, name);
    try {
      if (!node.isDirectory()) {
        throw ErrnoException.of(Errno.ENOTDIR);
      }
      exclusively(() -> removal.directory(parent, Name.sharing(name), checked(parent, name, node)));
    } finally {
      tree.release(node);
    }
  }

  void rename(Request request, Node parent, byte[] name, Node newParent, byte[] newName, int flags)
      throws ErrnoException {
    tree.upper();
    Tree.checkName(newName);
    Node node = held(parent, name);
    Node target = null;
    try {
      target = shared(newParent, newName);
      ensureFile(request, node);
      if (target != null) {
        ensureTarget(request, target, flags);
      }
      Node expected = target;
      exclusively(
          () -> {
            checked(parent, name, node);
            checkTarget(newParent, newName, expected);
            Name from = Name.copyOf(name);
            Name to = Name.copyOf(newName);
            int plain = flags & ~NameCalls.RENAME_WHITEOUT;
            Creation.Step move =
                () -> renames.rename(parent, from, node, newParent, to, expected, plain);
            if (plain == flags) {
              move.run();
            } else {
              Renames.checkWhiteout(plain);
              creation.leaveWhiteout(request, parent, from, move);
            }
          });
    } finally {
      tree.release(target);
      tree.release(node);
    }
  }

  private void ensureFile(Request request, Node node) throws ErrnoException {
    if (!node.isDirectory()) {
      copyUp.ensureMetadata(request, node);
    }
  }

  private @Nullable Node shared(Node parent, byte[] name) throws ErrnoException {
    tree.lock.readLock().lock();
    try {
      return tree.lookUp(parent, name);
    } finally {
      tree.lock.readLock().unlock();
    }
  }

  /** The node behind a name, held until it is released; ENOENT where there is none. */
  private Node held(Node parent, byte[] name) throws ErrnoException {
    Node node = shared(parent, name);
    if (node == null) {
      throw ErrnoException.of(Errno.ENOENT);
    }
    return node;
  }

  /** That the name still leads to {@code node}: the kernel's own locks mostly see to that. */
  private Node checked(Node parent, byte[] name, Node node) throws ErrnoException {
    if (tree.nodes.child(parent, Name.sharing(name)) != node) {
      throw ErrnoException.of(Errno.ESTALE);
    }
    return requireNonNull(node);
  }

  private void checkTarget(Node parent, byte[] name, @Nullable Node expected)
      throws ErrnoException {
    if (tree.nodes.child(parent, Name.sharing(name)) != expected) {
      throw ErrnoException.of(Errno.ESTALE);
    }
  }
}
