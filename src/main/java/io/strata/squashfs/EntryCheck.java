package io.strata.squashfs;

import java.io.IOException;

/**
 * Whether a directory entry and the inode that it leads to are of each other, and the tree is one.
 * Thread-safe.
 */
final class EntryCheck {
  private final long root;
  private final ImageTables tables;
  private final DirectoryPlaces places;
  private final Numbers numbers;

  /** Where the inodes are. */
  interface Numbers {
    /** As {@link SquashFsImage#referenceOf}. */
    long referenceOf(long inodeNumber) throws IOException;
  }

  EntryCheck(long root, ImageTables tables, DirectoryPlaces places, Numbers numbers) {
    this.root = root;
    this.tables = tables;
    this.places = places;
    this.numbers = numbers;
  }

  /**
   * Checks an entry.
   *
   * @param inode what lies at the entry's reference
   * @throws CorruptImageException if they contradict each other, or it is a directory that was met
   *     under another name
   */
  void check(DirectoryCursor entry, Inode inode) throws IOException {
    if (InodeReader.typeOf(inode) != entry.type()) {
      throw entry.corrupt("an entry of another type than its inode");
    }
    if (inode.inodeNumber() != entry.inodeNumber()) {
      throw entry.corrupt(
          "an entry for inode %d that leads to inode %d"
              .formatted(entry.inodeNumber(), inode.inodeNumber()));
    }
    if (inode instanceof DirectoryInode directory) {
      checkPlace(entry, directory);
    }
  }

  private void checkPlace(DirectoryCursor entry, DirectoryInode directory) throws IOException {
    if (directory.reference() == root) {
      throw entry.corrupt("an entry for the root of the image");
    }
    boolean right =
        switch (places.place(directory.reference(), entry)) {
          case RIGHT -> true;
          case WRONG -> false;
          case UNKNOWN -> isOnlyPlace(entry, directory);
        };
    if (!right) {
      throw entry.corrupt("a directory that has two names");
    }
  }

  /**
   * Finds out what is not remembered: the directory says that it is in this one, of which there is
   * no other by its number, and has one name there. So each directory has one above it at most, and
   * what a walk from the root has entered through such an entry it does not meet again.
   */
  private boolean isOnlyPlace(DirectoryCursor entry, DirectoryInode directory) throws IOException {
    DirectoryInode parent = entry.directory();
    if (directory.parentInode() != parent.inodeNumber()
        || !isTheOne(directory)
        || !isTheOne(parent)) {
      return false;
    }
    int names = 0;
    DirectoryCursor listing = tables.newDirectoryCursor().open(parent, 0);
    while (names < 2 && listing.next()) {
      names += listing.reference() == directory.reference() ? 1 : 0;
    }
    return names == 1;
  }

  private boolean isTheOne(DirectoryInode directory) throws IOException {
    return numbers.referenceOf(directory.inodeNumber()) == directory.reference();
  }
}
