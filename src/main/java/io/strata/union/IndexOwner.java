package io.strata.union;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.Posix;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Of which upper the index speaks: with a work directory that another upper has used, lower files
 * would show what was written into copies in that one. Both bear the same random id, which copies
 * of the two keep.
 *
 * @param root a descriptor of the upper
 * @param index a descriptor of the index
 * @param path the work directory, for messages
 */
record IndexOwner(Posix posix, int root, int index, OverlayXattrs xattrs, Path path) {
  /** Refuses an index that another upper has filled; takes one that nobody has. */
  void check() throws ErrnoException, UnionException {
    Place upper = Place.self(posix, root);
    Place owned = Place.self(posix, index);
    byte @Nullable [] own = upper.xattr(xattrs.identity());
    byte @Nullable [] recorded = owned.xattr(xattrs.identity());
    if (own != null && recorded != null && Arrays.equals(own, recorded)) {
      return;
    }
    if (recorded != null && !isEmpty()) {
      throw new UnionException(
          path
              + ": work directory of another upper, whose changed files it has in its index; name"
              + " the one of this upper, or a new one");
    }
    byte[] identity = own != null ? own : UUID.randomUUID().toString().getBytes(US_ASCII);
    if (own != null || isRecorded(upper, identity)) {
      isRecorded(owned, identity); // the index last: what says nothing is taken
    }
  }

  private boolean isEmpty() throws ErrnoException {
    List<Name> found = new ArrayList<>();
    DirectoryReader.list(posix, index, (name, type, inode, file) -> found.add(name));
    return found.isEmpty();
  }

  /** Records; false on a full file system, which is mounted all the same. */
  private boolean isRecorded(Place place, byte[] identity) throws ErrnoException {
    try {
      place.setXattr(xattrs.identity(), identity, 0);
      return true;
    } catch (ErrnoException e) {
      if (e.errno() != Errno.ENOSPC
          && e.errno() != Errno.EDQUOT
          && e.errno() != Errno.EPERM
          && e.errno() != Errno.EOPNOTSUPP) {
        throw e;
      }
      return false;
    }
  }
}
