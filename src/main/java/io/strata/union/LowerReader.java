package io.strata.union;

import io.strata.posix.ErrnoException;
import io.strata.posix.NativeBuffer;

/** An open regular file of a lower layer. Thread-safe. */
interface LowerReader extends AutoCloseable {
  /** Reads; gives fewer bytes than {@code size} only at the end of the file. */
  int read(long offset, int size, NativeBuffer target, int targetOffset) throws ErrnoException;

  /** As lseek(2) with SEEK_DATA 3 or SEEK_HOLE 4. */
  long seek(long offset, int whence) throws ErrnoException;

  /** A descriptor that the kernel can copy from, or -1. */
  int descriptor();

  @Override
  void close();
}
