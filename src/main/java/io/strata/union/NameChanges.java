package io.strata.union;

import static java.util.Objects.requireNonNull;

import io.strata.fuse.Entry;
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
  private final FileCreation files;

  NameChanges(Tree tree, CopyUp copyUp, FileData files) {
    this.tree = tree;
    this.posix = tree.posix;
    this.copyUp = copyUp;
    this.creation = new Creation(tree, copyUp, new Ownership(posix, tree.overrides()));
    this.files = new FileCreation(tree, creation, files);
    this.removal = new Removal(tree, copyUp);
    this.renames = new Renames(tree, copyUp, removal);
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
    tree.exclusively(
        () -> {
          int all = creation.effectiveMode(parent, mode, umask);
          tree.fill(creation.create(request, parent, name, all, maker.of(all)), entry);
        });
  }

  /** Makes and opens files. */
  FileCreation files() {
    return files;
  }

  void link(Request request, Node node, Node parent, byte[] name, Entry entry)
      throws ErrnoException {
    if (node.isDirectory()) {
      throw ErrnoException.of(Errno.EPERM);
    }
    Tree.checkName(name);
    copyUp.ensureMetadata(request, node);
    tree.exclusively(
        () -> {
          creation.link(node, parent, name);
          tree.fill(node, entry);
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
      tree.exclusively(() -> removal.file(parent, Name.sharing(name), checked(parent, name, node)));
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
      tree.exclusively(
          () -> removal.directory(parent, Name.sharing(name), checked(parent, name, node)));
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
      tree.exclusively(
          () -> {
            checked(parent, name, node);
            checkTarget(newParent, newName, expected);
            Name from = Name.copyOf(name);
            Name to = Name.copyOf(newName);
            int plain = flags & ~NameCalls.RENAME_WHITEOUT;
            Step move = () -> renames.rename(parent, from, node, newParent, to, expected, plain);
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
