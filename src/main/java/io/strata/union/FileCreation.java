package io.strata.union;

import io.strata.fuse.Entry;
import io.strata.fuse.Opened;
import io.strata.fuse.Request;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.NameCalls;
import io.strata.posix.Posix;
import io.strata.posix.Stat;

/** Makes files that are open at once. Called without the name lock. */
final class FileCreation {
  private final Tree tree;
  private final Posix posix;
  private final Creation creation;
  private final FileData files;

  FileCreation(Tree tree, Creation creation, FileData files) {
    this.tree = tree;
    this.posix = tree.posix;
    this.creation = creation;
    this.files = files;
  }

  /** Makes a file, or opens the one that somebody else made meanwhile. */
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
    tree.exclusively(
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
      tree.fill(node, entry);
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
        tree.fill(node, entry);
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

  /** Makes a file without a name. */
  void unnamed(Request request, Node parent, int mode, int umask, Entry entry, Opened opened)
      throws ErrnoException {
    tree.upper();
    tree.exclusively(
        () -> {
          int all = creation.effectiveMode(parent, mode & 07777, umask);
          Creation.Unnamed made = creation.unnamed(request, parent, all);
          tree.fill(made.node(), entry);
          files.created(made.node(), made.descriptor(), opened);
        });
  }
}
