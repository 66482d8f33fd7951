package io.strata.squashfs;

import java.io.IOException;

/**
 * Where the fragments lie.
 *
 * <p>Source: {@code struct squashfs_fragment_entry} of squashfs_fs.h.
 */
final class FragmentTable {
  static final int ENTRY_SIZE = 16;
  private static final int SIZE_AT = 8;

  private final IndexedTable entries;

  FragmentTable(IndexedTable entries) {
    this.entries = entries;
  }

  IndexedTable entries() {
    return entries;
  }

  long count() {
    return entries.count();
  }

  /** The position of fragment {@code number}. */
  long position(long number) throws IOException {
    return entries.s64(number, 0);
  }

  /** The size word of fragment {@code number}. */
  int word(long number) throws IOException {
    return entries.s32(number, SIZE_AT);
  }
}
