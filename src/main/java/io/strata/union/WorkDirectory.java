package io.strata.union;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.NameCalls;
import io.strata.posix.Posix;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The directory beside the upper in which things are made before they appear by a rename, and to
 * which they are moved before they are taken apart. Whatever is in it at the start is left over.
 *
 * <p>Locking: names in it are never given twice, so it needs none.
 */
final class WorkDirectory {
  private static final byte[] INCOMPATIBLE = OverlayXattrs.bytes("incompat");

  private final Posix posix;
  private final int descriptor;

  /** Begins where nothing is that an earlier server left. */
  private final AtomicLong names = new AtomicLong(System.nanoTime() & Long.MAX_VALUE);

  private final boolean overrides;
  private final @Nullable LinkOwners links;

  /** Works in the open directory {@code descriptor}, which it borrows. */
  WorkDirectory(Posix posix, int descriptor) {
    this(posix, descriptor, false, null);
  }

  private WorkDirectory(
      Posix posix, int descriptor, boolean overrides, @Nullable LinkOwners links) {
    this.posix = posix;
    this.descriptor = descriptor;
    this.overrides = overrides;
    this.links = links;
  }

  /** The same for an upper where overrides count. */
  WorkDirectory overriding(boolean count, @Nullable LinkOwners owners) {
    return new WorkDirectory(posix, descriptor, count, owners);
  }

  int descriptor() {
    return descriptor;
  }

  /** A name that nothing has; {@code #} and a number, as overlayfs has it. */
  byte[] newName() {
    return OverlayXattrs.bytes("#" + Long.toHexString(names.incrementAndGet()));
  }

  Place place(byte[] name) {
    return new Place(posix, descriptor, name, overrides, links);
  }

  /** Removes what was made or moved here, with all that is in it, as far as it can be removed. */
  void discard(byte[] name) {
    try {
      posix.names().unlink(descriptor, name);
    } catch (ErrnoException e) {
      if (e.errno() == Errno.EISDIR || e.errno() == Errno.EPERM) {
        discardTree(name);
      } // else it is gone, or stays for the next start
    }
  }

  /**
   * Whether kernel overlayfs left word that nobody should go on with the upper: it was mounted
   * volatile, and so nothing was synced, and the end of that mount did not come. The source is
   * {@code ovl_create_volatile_dirs} of fs/overlayfs/super.c.
   */
  boolean isUnfit() throws ErrnoException {
    int flags = NameCalls.O_RDONLY | NameCalls.O_DIRECTORY | NameCalls.O_NOFOLLOW;
    int directory;
    try {
      directory = posix.names().open(descriptor, INCOMPATIBLE, flags, 0);
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR || e.errno() == Errno.ELOOP) {
        return false;
      }
      throw e;
    }
    try {
      boolean[] any = {false};
      DirectoryReader.list(posix, directory, (name, type, inode, file) -> any[0] = true);
      return any[0];
    } finally {
      posix.files().close(directory);
    }
  }

  /** Removes everything. */
  void clean() {
    discardEntries(descriptor);
  }

  private void discardTree(byte[] name) {
    int flags = NameCalls.O_PATH | NameCalls.O_DIRECTORY | NameCalls.O_NOFOLLOW;
    try {
      int directory = posix.names().open(descriptor, name, flags, 0);
      try {
        discardEntries(directory);
      } finally {
        posix.files().close(directory);
      }
      posix.names().rmdir(descriptor, name);
    } catch (ErrnoException e) {
      return; // stays for the next start
    }
  }

  /**
   * Flattens: a directory found below is moved up into the work directory and taken apart there.
   */
  private void discardEntries(int directory) {
    List<Name> found = new ArrayList<>();
    try {
      DirectoryReader.list(posix, directory, (name, type, inode, file) -> found.add(name));
    } catch (ErrnoException e) {
      return; // what can't be listed stays
    }
    for (Name name : found) {
      discardEntry(directory, name.bytes());
    }
  }

  private void discardEntry(int directory, byte[] name) {
    try {
      posix.names().unlink(directory, name);
    } catch (ErrnoException e) {
      if (e.errno() == Errno.EISDIR || e.errno() == Errno.EPERM) {
        discardDirectory(directory, name);
      }
    }
  }

  private void discardDirectory(int directory, byte[] name) {
    try {
      posix.names().rmdir(directory, name);
    } catch (ErrnoException e) {
      if (directory == descriptor) {
        discardTree(name);
        return;
      }
      byte[] moved = newName();
      try {
        posix.names().rename(directory, name, descriptor, moved, 0);
      } catch (ErrnoException stays) {
        return;
      }
      discardTree(moved);
    }
  }
}
