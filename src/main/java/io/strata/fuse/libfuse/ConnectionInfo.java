package io.strata.fuse.libfuse;

import io.strata.fuse.Connection;
import io.strata.fuse.Features;

/**
 * {@code struct fuse_conn_info} at an address: u32 proto_major, proto_minor, async_read, max_write,
 * max_readahead, capable, want.
 *
 * <p>Source: fuse_common.h of libfuse 2.9.
 */
record ConnectionInfo(long address, NameCache names) {
  private static final int MAX_WRITE = 12;
  private static final int CAPABLE = 20;
  private static final int WANT = 24;
  private static final int FUSE_CAP_DONT_MASK = 1 << 6;
  private static final int FUSE_CAP_IOCTL_DIR = 1 << 11;

  /**
   * Asks for what goes with {@code features}, as far as the kernel offers it. Not for
   * FUSE_CAP_ATOMIC_O_TRUNC: an open that truncates would leave setuid bits set.
   */
  void want(Features features) {
    int wanted = FUSE_CAP_IOCTL_DIR | (features.posixAcl() ? FUSE_CAP_DONT_MASK : 0);
    int possible = wanted & NativeMemory.getInt(address + CAPABLE);
    NativeMemory.putInt(address + WANT, NativeMemory.getInt(address + WANT) | possible);
  }

  /** What the file system is told. Does not use the address, which is only good during INIT. */
  Connection agreed() {
    return new Agreed(NativeMemory.getInt(address + MAX_WRITE), names);
  }

  private record Agreed(int maxWrite, NameCache names) implements Connection {
    @Override
    public boolean passthrough() {
      return false;
    }

    @Override
    public boolean writebackCache() {
      return false;
    }

    /** The kernel's own memory ends with the lifetimes that were given at mount. */
    @Override
    public void invalidateNode(long node) {}

    @Override
    public void invalidateAttributes(long node) {}

    @Override
    public void invalidateEntry(long parent, byte[] name) {
      names.invalidate(parent, name);
    }
  }
}
