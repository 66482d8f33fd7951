package io.strata.squashfs;

import java.io.IOException;

/** The user and group ids that inodes name by their index. Immutable. */
final class IdTable {
  private static final int ENTRY = Integer.BYTES;

  private final int[] ids;

  private IdTable(int[] ids) {
    this.ids = ids;
  }

  /** Reads all ids; there are at most 65535. */
  static IdTable read(IndexedTable table) throws IOException {
    int[] ids = new int[(int) table.count()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = table.s32(i, 0);
    }
    return new IdTable(ids);
  }

  static int entrySize() {
    return ENTRY;
  }

  int count() {
    return ids.length;
  }

  /** The id at {@code index}, which is below {@link #count}. */
  int get(int index) {
    return ids[index];
  }
}
