package io.strata.union;

import io.strata.fuse.Request;
import io.strata.posix.ErrnoException;
import io.strata.posix.Stat;
import io.strata.squashfs.DirectoryCursor;
import io.strata.squashfs.DirectoryInode;
import io.strata.squashfs.Inode;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The inodes below a directory of an image that is mounted alone: for file handles of NFS, through
 * which anything of the image could be asked for. Inodes of files do not tell where they are, so
 * the directories are read once, when the first handle comes. Thread-safe.
 */
final class Subtree {
  /** One bit for each inode of the image makes 16 MiB of these. */
  private static final long MOST_INODES = 1 << 27;

  private final ImageReading reading;
  private @Nullable BitSet numbers; // guarded by this

  Subtree(ImageReading reading) {
    this.reading = reading;
  }

  /** Whether there are few enough inodes to keep account of. */
  boolean isCountable() {
    return reading.image().superblock().inodes() <= MOST_INODES;
  }

  synchronized boolean contains(Request request, Inode inode) throws ErrnoException {
    BitSet known = numbers;
    if (known == null) {
      request.blocking();
      known = read();
      numbers = known;
    }
    return isNumber(inode.inodeNumber()) && known.get((int) inode.inodeNumber());
  }

  private boolean isNumber(long number) {
    return number <= reading.image().superblock().inodes();
  }

  private BitSet read() throws ErrnoException {
    BitSet found = new BitSet();
    Deque<Long> directories = new ArrayDeque<>();
    found.set((int) reading.directory(reading.root()).inodeNumber());
    directories.push(reading.root());
    DirectoryCursor cursor = reading.image().newDirectoryCursor();
    while (!directories.isEmpty()) {
      DirectoryInode directory = reading.directory(directories.pop());
      try {
        cursor.open(directory, 0);
        while (cursor.next()) {
          add(cursor, found, directories);
        }
      } catch (IOException e) {
        reading.failed(e); // what is damaged has no handles
      }
    }
    return found;
  }

  // A directory is entered once, however many names a damaged image gives it.
  private void add(DirectoryCursor cursor, BitSet found, Deque<Long> directories) {
    long number = cursor.inodeNumber();
    if (isNumber(number) && !found.get((int) number)) {
      found.set((int) number);
      if (cursor.type() == Stat.S_IFDIR) {
        directories.push(cursor.reference());
      }
    }
  }
}
