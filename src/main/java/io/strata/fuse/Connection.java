package io.strata.fuse;

/** What was agreed with the kernel, given to the file system before the first operation. */
public interface Connection {
  /** The largest WRITE in bytes. */
  int maxWrite();

  /** Whether passthrough to backing files was agreed. */
  boolean passthrough();

  /** Whether the kernel keeps written pages back (FUSE_WRITEBACK_CACHE). */
  boolean writebackCache();

  /**
   * Whether the kernel checks POSIX ACLs, and leaves the umask to the file system ({@link
   * Features#posixAcl}).
   */
  default boolean posixAcl() {
    return false;
  }

  /**
   * Drops what the kernel has cached of a node's data and attributes. Never called from within an
   * operation on that node.
   */
  void invalidateNode(long node);

  /** Drops a name from the kernel's cache. Never called from within an operation on its parent. */
  void invalidateEntry(long parent, byte[] name);
}
