package io.strata.delta.sqdelta2;

/**
 * What the program that made an image does in its own way.
 *
 * @param countsAllEntries whether a directory's nlink counts all entries, not only directories
 * @param numbersInOrder whether inodes are numbered as they stand in the table, not in the order of
 *     a walk from the root
 * @param writesGroups whether a directory's entries are the first inodes without a parent, not the
 *     last ones before it
 */
record Habits(boolean countsAllEntries, boolean numbersInOrder, boolean writesGroups) {
  /** Those of mksquashfs. */
  static final Habits MKSQUASHFS = new Habits(false, false, false);

  /** How many there can be. */
  static final int ALL = 8;

  /** The habits with a number, 0 to 7. */
  static Habits of(int number) {
    return new Habits((number & 1) != 0, (number & 2) != 0, (number & 4) != 0);
  }

  int number() {
    return (countsAllEntries ? 1 : 0) | (numbersInOrder ? 2 : 0) | (writesGroups ? 4 : 0);
  }
}
