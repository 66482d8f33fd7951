package io.strata.union;

import io.strata.posix.ErrnoException;
import io.strata.posix.NativeBuffer;
import io.strata.posix.Posix;

/** Reads a file of the host; owns its descriptor. */
record DirectoryFileReader(Posix posix, int descriptor) implements LowerReader {
  @Override
  public int read(long offset, int size, NativeBuffer target, int targetOffset)
      throws ErrnoException {
    return BackingFile.read(posix, descriptor, offset, size, target, targetOffset);
  }

  @Override
  public long seek(long offset, int whence) throws ErrnoException {
    return posix.files().lseek(descriptor, offset, whence);
  }

  @Override
  public void close() {
    posix.files().close(descriptor);
  }
}
