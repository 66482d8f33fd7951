package io.strata.union;

import io.strata.fuse.Attributes;
import io.strata.fuse.Request;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.NameCalls;
import io.strata.posix.Posix;

/**
 * Brings the data of a file to the upper of which only the metadata is there. It is filled in where
 * it lies, so that all its names and whoever has it open keep it; until overlay.metacopy goes,
 * which is one step, the lower file's data counts.
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
      new DataCopy(posix, request, source, fd).copy(Math.min(below.size, limit));
      end(node);
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
      int fd = open(place, kept);
      node.kept = kept;
      return fd;
    } finally {
      tree.lock.writeLock().unlock();
    }
  }

  /** Who is no root can't open a file of his own that is read-only. */
  private static int open(Place place, KeptMetadata kept) throws ErrnoException {
    try {
      return place.open(NameCalls.O_WRONLY);
    } catch (ErrnoException e) {
      if (e.errno() != Errno.EACCES) {
        throw e;
      }
      place.chmod(kept.stat().mode & 07777 | 0600);
      return place.open(NameCalls.O_WRONLY);
    }
  }

  private void end(Node node) throws ErrnoException {
    tree.lock.writeLock().lock();
    try {
      Place place = tree.upper().place(node);
      UpperMarks.removeMetacopy(place);
      node.dataInUpper = true;
      node.redirect = null;
      KeptMetadata kept = node.kept;
      node.kept = null;
      if (kept != null) {
        kept.restore(place);
      }
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
        posix.files().ftruncate(fd, 0);
        posix.files().ftruncate(fd, kept.stat().size);
        kept.restore(tree.upper().place(node));
      }
    } catch (ErrnoException e) {
      return; // the caller hears of the first failure
    } finally {
      tree.lock.writeLock().unlock();
    }
  }
}
