package io.strata.squashfs;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Whether a directory entry and the inode that it leads to are of each other, and the tree is one.
 * Thread-safe.
 */
final class EntryCheck {
  private final long root;
  private final ImageTables tables;
  private final DirectoryPlaces places;

  EntryCheck(long root, ImageTables tables, DirectoryPlaces places) {
    this.root = root;
    this.tables = tables;
    this.places = places;
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

  /** Finds out what is not remembered: the numbers are right, and the name is the only one. */
  private boolean isOnlyPlace(DirectoryCursor entry, DirectoryInode directory) throws IOException {
    @Nullable IndexedTable exports = tables.exports;
    if (exports == null) {
      throw entry.corrupt(
          "more than a million directories, which only an export table could tell apart");
    }
    DirectoryInode parent = entry.directory();
    if (directory.parentInode() != parent.inodeNumber()) {
      return false;
    }
    if (exports.s64(directory.inodeNumber() - 1, 0) != directory.reference()) {
      return false;
    }
    int names = 0;
    DirectoryCursor listing = tables.newDirectoryCursor().open(parent, 0);
    while (names < 2 && listing.next()) {
      names += listing.reference() == directory.reference() ? 1 : 0;
    }
    return names == 1;
  }
}
