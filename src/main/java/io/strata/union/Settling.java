package io.strata.union;

import io.strata.posix.ErrnoException;
import io.strata.posix.Posix;

/**
 * Sees to it that the data of a copy is on the disk before the copy's name can be: whatever
 * happens, nobody finds the copy without it. On ext4 it is enough to wait for the data: the blocks
 * are the file's in the journal before anything that comes later, the name among it. Elsewhere it
 * takes a sync, which waits for a journal too.
 *
 * @param byWriteOut whether waiting for the data is enough
 */
record Settling(Posix posix, boolean byWriteOut) {
  private static final long EXT4_SUPER_MAGIC = 0xEF53; // linux/magic.h

  /** How it is done on the file system of the directory that is open as {@code upper}. */
  static Settling on(Posix posix, int upper) throws ErrnoException {
    return new Settling(posix, posix.files().statfs(upper).type() == EXT4_SUPER_MAGIC);
  }

  /** Waits for the data of an open file. */
  void settle(int file) throws ErrnoException {
    if (byWriteOut) {
      posix.files().writeOut(file);
    } else {
      posix.files().fdatasync(file);
    }
  }
}
