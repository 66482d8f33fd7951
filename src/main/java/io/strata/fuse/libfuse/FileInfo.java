package io.strata.fuse.libfuse;

import io.strata.fuse.Opened;

/**
 * {@code struct fuse_file_info} at an address.
 *
 * <p>Source of the layout: fuse_common.h of libfuse 2.9 on 64-bit machines: int flags at 0,
 * unsigned long fh_old at 8, int writepage at 16, bits at 20, u64 fh at 24, u64 lock_owner at 32.
 */
record FileInfo(long address) {
  private static final int WRITEPAGE = 16;
  private static final int BITS = 20;
  private static final int FH = 24;
  private static final int DIRECT_IO = 1;
  private static final int KEEP_CACHE = 1 << 1;
  private static final int NONSEEKABLE = 1 << 3;

  int flags() {
    return NativeMemory.getInt(address);
  }

  boolean fromPageCache() {
    return NativeMemory.getInt(address + WRITEPAGE) != 0;
  }

  long number() {
    return NativeMemory.getLong(address + FH);
  }

  /** Says how a file was opened; {@code keepCache} whether its pages may stay. */
  void answer(long number, Opened opened, boolean keepCache) {
    NativeMemory.putLong(address + FH, number);
    int bits = NativeMemory.getInt(address + BITS);
    if ((opened.flags & Opened.FOPEN_DIRECT_IO) != 0) {
      bits |= DIRECT_IO;
    }
    if (keepCache && (opened.flags & Opened.FOPEN_KEEP_CACHE) != 0) {
      bits |= KEEP_CACHE;
    }
    if ((opened.flags & (Opened.FOPEN_NONSEEKABLE | Opened.FOPEN_STREAM)) != 0) {
      bits |= NONSEEKABLE;
    }
    NativeMemory.putInt(address + BITS, bits);
  }
}
