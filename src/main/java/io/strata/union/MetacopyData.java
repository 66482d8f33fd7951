package io.strata.union;

import static java.util.Objects.requireNonNull;

import io.strata.fuse.Attributes;
import io.strata.fuse.Request;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.NameCalls;
import io.strata.posix.Posix;

/**
 * Brings the data of a file to the upper of which only the metadata is there. It is filled in where
 * it lies, so that all its names and whoever has it open keep it; until overlay.metacopy goes,
 * which is one step, the lower file's data counts. Filling in changes times and privileges; so a
 * mark says meanwhile what they were.
 *
 * <p>Source: {@code ovl_copy_up_meta_inode_data} of fs/overlayfs/copy_up.c.
 */
final class MetacopyData {
  private final Tree tree;
  private final Posix posix;

  MetacopyData(Tree tree) {
    this.tree = tree;
    this.posix = tree.posix;
  }

  /**
   * Copies the first {@code limit} bytes; called under the node's {@link Node#copyUp} and without
   * the name lock. A failure leaves the file as it was.
   */
  void copy(Request request, Node node, long limit) throws ErrnoException {
    int fd = begin(node);
    try (LowerReader source = openLower(node)) {
      Attributes below = new Attributes();
      node.lower().attributes(below);
      posix.files().ftruncate(fd, 0); // what a server that was killed had filled in
      new DataCopy(tree.upper().settling(), request, source, fd).copy(Math.min(below.size, limit));
      end(node, limit >= below.size);
    } catch (ErrnoException e) {
      giveUp(node, fd);
      throw e;
    } finally {
      posix.files().close(fd);
    }
  }

  private LowerReader openLower(Node node) throws ErrnoException {
    tree.lock.readLock().lock();
    try {
      return node.lower().open();
    } finally {
      tree.lock.readLock().unlock();
    }
  }

  private int begin(Node node) throws ErrnoException {
    tree.lock.writeLock().lock();
    try {
      Place place = tree.upper().place(node);
      KeptMetadata kept = KeptMetadata.of(place);
      place.setXattr(tree.upper().xattrs().kept(), kept.encode(), 0);
      int fd = open(place, kept);
      node.kept = kept;
      return fd;
    } finally {
      tree.lock.writeLock().unlock();
    }
  }

  /**
   * A server was killed that was filling in the data: the file is again what it was before. Not for
   * one whose data is just being filled in; called under the name lock, shared or not.
   */
  static synchronized void repair(Place place) throws ErrnoException {
    byte[] mark = UpperMarks.kept(place);
    if (mark == null) {
      return;
    }
    KeptMetadata kept = KeptMetadata.decode(mark);
    if (kept != null) {
      int fd = open(place, kept);
      try {
        empty(place.posix(), fd, kept);
      } finally {
        place.posix().files().close(fd);
      }
      kept.restore(place);
    }
    UpperMarks.removeKept(place);
  }

  /** Metadata without data: of that only the size. */
  private static void empty(Posix posix, int fd, KeptMetadata kept) throws ErrnoException {
    posix.files().ftruncate(fd, 0);
    posix.files().ftruncate(fd, kept.stat().size);
  }

  /** Who is no root can't open a file of his own that is read-only. */
  private static int open(Place place, KeptMetadata kept) throws ErrnoException {
    try {
      return place.open(NameCalls.O_WRONLY);
    } catch (ErrnoException e) {
      if (e.errno() != Errno.EACCES) {
        UpperMarks.removeKept(place);
        throw e;
      }
      place.chmod(kept.stat().mode & 07777 | 0600);
      return place.open(NameCalls.O_WRONLY);
    }
  }

  private void end(Node node, boolean whole) throws ErrnoException {
    tree.lock.writeLock().lock();
    try {
      Place place = tree.upper().place(node);
      KeptMetadata kept = requireNonNull(node.kept);
      if (whole) {
        kept.restore(place);
      } else {
        kept.restoreMode(place);
      }
      UpperMarks.removeMetacopy(place); // the step from the old file to the new one
      UpperMarks.removeKept(place);
      node.dataInUpper = true;
      node.redirect = null;
      node.kept = null;
      tree.copiedUp(node);
    } finally {
      tree.lock.writeLock().unlock();
    }
  }

  private void giveUp(Node node, int fd) {
    tree.lock.writeLock().lock();
    try {
      KeptMetadata kept = node.kept;
      node.kept = null;
      if (kept != null) {
        Place place = tree.upper().place(node);
        empty(posix, fd, kept);
        kept.restore(place);
        UpperMarks.removeKept(place);
      }
    } catch (ErrnoException e) {
      return; // the caller hears of the first failure
    } finally {
      tree.lock.writeLock().unlock();
    }
  }
}
