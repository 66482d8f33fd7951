package io.strata.union;

import io.strata.posix.ErrnoException;
import io.strata.posix.NameCalls;
import io.strata.posix.Posix;
import org.jspecify.annotations.Nullable;

/**
 * An opening of a regular file. One that was opened for reading before the file was copied up
 * changes over to the upper file by itself.
 *
 * <p>Thread-safe. The kernel closes an opening only when nothing uses it any more.
 */
final class FileHandle {
  private final Tree tree;
  private final Node node;
  private final @Nullable LowerReader lower;
  private final boolean writable;
  private volatile int descriptor;

  /**
   * An opening.
   *
   * @param descriptor of the upper file, owned from now on; -1 while it is read from below
   * @param writable whether the descriptor was opened for writing
   * @param lower what is read from as long as there is no upper file
   */
  FileHandle(Tree tree, Node node, int descriptor, boolean writable, @Nullable LowerReader lower) {
    this.writable = writable;
    this.tree = tree;
    this.node = node;
    this.descriptor = descriptor;
    this.lower = lower;
  }

  Node node() {
    return node;
  }

  boolean isWritable() {
    return writable;
  }

  /** The lower file, while the data is still there; else null. */
  @Nullable LowerReader lower() {
    return node.dataInUpper ? null : lower;
  }

  /** A descriptor of the upper file, where the data is in the upper. */
  int descriptor() throws ErrnoException {
    int known = descriptor;
    return known >= 0 ? known : openUpper();
  }

  /** What the kernel may read and write by itself, or -1 for a file that is read from below. */
  int backingDescriptor() {
    return descriptor;
  }

  private int openUpper() throws ErrnoException {
    tree.lock.readLock().lock();
    try {
      synchronized (this) {
        if (descriptor < 0) {
          descriptor = tree.upper().place(node).open(NameCalls.O_RDONLY);
        }
        return descriptor;
      }
    } finally {
      tree.lock.readLock().unlock();
    }
  }

  void close(Posix posix) {
    if (lower != null) {
      lower.close();
    }
    if (descriptor >= 0) {
      posix.files().close(descriptor);
    }
  }
}
