package io.strata.fuse;

import io.strata.posix.NativeBuffer;

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

  /** Drops what the kernel has cached of a node's attributes, and leaves its data. */
  void invalidateAttributes(long node);

  /** Drops a name from the kernel's cache. Never called from within an operation on its parent. */
  void invalidateEntry(long parent, byte[] name);

  /** How many bytes in front of the data {@link #store} overwrites. */
  int STORE_HEADROOM = 40;

  /**
   * Puts data of a file into the kernel's page cache before anybody asks for it (NOTIFY_STORE). A
   * page counts as read only if all of it, or all up to the end of the file, is given.
   *
   * <p>To be called within an operation, after {@link Request#mayStore}, and never for bytes that
   * this operation is to give: it waits for the locks of their pages.
   *
   * @param offset in the file, a multiple of the page size
   * @param buffer holds the data, {@code length} bytes at {@code from}, with {@link
   *     #STORE_HEADROOM} bytes in front of them that are overwritten
   * @return whether the kernel took it; it does not if it does not know the node
   */
  default boolean store(long node, long offset, NativeBuffer buffer, int from, int length) {
    return false;
  }
}
