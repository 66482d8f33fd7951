package io.strata.union;

import static java.util.Objects.requireNonNull;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.Posix;
import io.strata.posix.Stat;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Brings directories to the upper, and copies into them: neither shows in their times.
 *
 * <p>Called under the exclusive name lock.
 */
final class DirectoryCopyUp {
  private final Tree tree;
  private final Posix posix;

  DirectoryCopyUp(Tree tree) {
    this.tree = tree;
    this.posix = tree.posix;
  }

  /** Brings a directory and those above it to the upper. */
  void ensure(Node directory) throws ErrnoException {
    if (directory.inUpper) {
      return;
    }
    if (directory.removed) {
      throw ErrnoException.of(Errno.ENOENT);
    }
    Deque<Node> missing = new ArrayDeque<>();
    for (Node at = directory; !at.inUpper; at = requireNonNull(at.link()).parent()) {
      missing.push(at);
    }
    for (Node next : missing) {
      one(next);
    }
  }

  private void one(Node directory) throws ErrnoException {
    Upper upper = tree.upper();
    WorkDirectory work = upper.work();
    byte[] name = work.newName();
    posix.names().mkdir(work.descriptor(), name, 0700);
    Place made = work.place(name);
    try {
      new MetadataCopy(upper.form())
          .copy(directory.lower(), made, Origin.ofIndexed(directory.lower()));
      Stat stat = new Stat();
      made.stat(stat);
      moveTo(requireNonNull(directory.link()), made);
      directory.upperInode = stat.inode;
    } catch (ErrnoException e) {
      work.discard(name);
      throw e;
    }
    directory.unsynced = true;
    directory.inUpper = true;
    directory.dataInUpper = true;
    tree.copiedUp(directory);
  }

  /** Puts a finished copy from the work directory under a name. */
  void moveTo(Node.Link link, Place made) throws ErrnoException {
    int target = tree.upper().directory(link.parent());
    keepTimes(
        link.parent(),
        () -> posix.names().rename(made.descriptor(), made.name(), target, link.name().bytes(), 0));
  }

  /** A copied-up entry is nothing new in its directory: that keeps its times, and is impure. */
  void keepTimes(Node parent, Step step) throws ErrnoException {
    Upper upper = tree.upper();
    Place place = upper.self(upper.directory(parent));
    Stat before = new Stat();
    place.stat(before);
    upper.holdsCopies(parent);
    step.run();
    place.setTimes(
        before.accessSeconds, before.accessNanos, before.modifySeconds, before.modifyNanos);
  }
}
