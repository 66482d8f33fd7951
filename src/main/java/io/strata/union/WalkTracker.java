package io.strata.union;

import io.strata.posix.Stat;
import io.strata.squashfs.DirectoryCursor;
import io.strata.squashfs.DirectoryInode;
import io.strata.squashfs.FileInode;
import io.strata.squashfs.SquashFsImage;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Tells which files a walk through an image will read next. Thread-safe; one lock, held for no
 * longer than it takes to go through some directory entries.
 *
 * <p>Who reads small files in the order in which they lie in the image is taken to be walking.
 * Directories that were listed to their end are remembered, the last one first: that is the order
 * of tar(1), grep(1) and cp(1). Each file that is read gives credit for some more to be chosen, and
 * some are left out: as long as they are read, the walk goes on. So what is chosen for somebody who
 * does not want it is bounded, and who only looks at names and attributes costs nothing.
 */
final class WalkTracker {
  /** The largest file that is chosen, in bytes. */
  static final int LARGEST = 64 << 10;

  /** The most files that are chosen at once. */
  static final int BATCH = 64;

  /** The most directories that are remembered. */
  private static final int DEPTH = 16;

  /** What one file that is read gives, and the most there can be, in bytes. */
  private static final int GRANT = 384 << 10;

  private static final int MOST = 1 << 20;

  /** What choosing a file costs beside its bytes. */
  private static final int PER_FILE = 4 << 10;

  /** One file of so many is left out. */
  private static final int PROBE = 24;

  /** How far behind the one before the next file's inode may lie, in bytes of the inode table. */
  private static final int NEAR = 4 * 8194;

  private final SquashFsImage image;
  private final DirectoryCursor cursor; // guarded by this
  private final long[] directories = new long[DEPTH]; // guarded by this: the last one first
  private final long[] cookies = new long[DEPTH]; // guarded by this: how far in each
  private int depth; // guarded by this
  private long credit; // guarded by this, in bytes
  private long lastRead = Long.MAX_VALUE; // guarded by this: the inode reference
  private int chosen; // guarded by this

  WalkTracker(SquashFsImage image) {
    this.image = image;
    this.cursor = image.newDirectoryCursor();
  }

  /** Somebody has listed this directory to its end. */
  synchronized void listed(long directory) {
    int at = 0;
    while (at < depth && directories[at] != directory) {
      at++;
    }
    if (at == depth) {
      depth = Math.min(depth + 1, DEPTH);
      at = depth - 1;
    }
    System.arraycopy(directories, 0, directories, 1, at);
    System.arraycopy(cookies, 0, cookies, 1, at);
    directories[0] = directory;
    cookies[0] = 0;
  }

  /** Somebody begins to read this file. */
  synchronized void read(FileInode file) {
    long reference = file.reference();
    boolean walking = reference > lastRead && (reference >>> 16) - (lastRead >>> 16) <= NEAR;
    lastRead = reference;
    if (walking) {
      credit = Math.min(credit + GRANT, MOST);
    }
  }

  /**
   * Chooses files that will be read next.
   *
   * @param references takes the inode references, at most {@link #BATCH}
   * @return how many were chosen
   */
  synchronized int choose(long[] references) {
    int count = 0;
    while (credit > 0 && depth > 0 && count < references.length) {
      try {
        count = chooseFromFirst(references, count);
      } catch (IOException e) {
        dropFirst(); // whoever reads it gets the error
      }
    }
    return count;
  }

  private int chooseFromFirst(long[] references, int before) throws IOException {
    int count = before;
    if (!(image.inode(directories[0]) instanceof DirectoryInode directory)) {
      dropFirst();
      return count;
    }
    cursor.open(directory, cookies[0]);
    while (credit > 0 && count < references.length) {
      if (!cursor.next()) {
        dropFirst();
        return count;
      }
      cookies[0] = cursor.cookie();
      FileInode file = wanted();
      if (file != null) {
        credit -= PER_FILE + file.size();
        references[count] = file.reference();
        count++;
      }
    }
    return count;
  }

  /** The file of the entry that the cursor is at, if it is to be chosen. */
  private @Nullable FileInode wanted() throws IOException {
    if (cursor.type() != Stat.S_IFREG
        || cursor.reference() <= lastRead
        || !(image.inode(cursor.reference()) instanceof FileInode file)
        || file.size() == 0
        || file.size() > LARGEST) {
      return null;
    }
    chosen++;
    return chosen % PROBE == 0 ? null : file;
  }

  private void dropFirst() {
    depth--;
    System.arraycopy(directories, 1, directories, 0, depth);
    System.arraycopy(cookies, 1, cookies, 0, depth);
  }
}
