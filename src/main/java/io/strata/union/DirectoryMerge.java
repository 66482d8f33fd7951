package io.strata.union;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.Posix;
import io.strata.posix.Stat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lists a directory over all its layers: the upper's entries first, then what each lower layer adds
 * in the layer's own order, in which the files' data lies in an image.
 */
final class DirectoryMerge {
  private static final byte[] XATTR_WHITEOUTS = "x".getBytes(US_ASCII);

  private final Posix posix;
  private final boolean accesses;
  private final List<DirectoryListing.Item> items = new ArrayList<>();
  private final Set<Name> seen = new HashSet<>();

  private DirectoryMerge(Posix posix, boolean accesses) {
    this.posix = posix;
    this.accesses = accesses;
  }

  /**
   * What is in {@code directory}; the caller holds the name lock.
   *
   * @param accesses whether it is for a reader, who has the upper's time of access set
   */
  static DirectoryListing list(Posix posix, @Nullable Upper upper, Node directory, boolean accesses)
      throws ErrnoException {
    DirectoryMerge merge = new DirectoryMerge(posix, accesses);
    if (!directory.removed) {
      if (upper != null && directory.inUpper) {
        merge.addUpper(upper, directory);
      }
      merge.addLowers(directory.lowers);
    }
    return new DirectoryListing(merge.items);
  }

  private void addUpper(Upper upper, Node directory) throws ErrnoException {
    int descriptor = upper.directory(directory);
    boolean below = !directory.lowers.isEmpty();
    boolean files = !upper.form().deviceWhiteouts();
    boolean named = files || hasXattrWhiteouts(Place.self(posix, descriptor));
    EntryVisitor visitor =
        (name, type, inode, file) -> {
          if (below) {
            seen.add(name);
          }
          boolean suspect = type == Stat.S_IFCHR || (named && type == Stat.S_IFREG);
          if (Whiteouts.isOpaqueFile(name.bytes())) {
            return;
          }
          if (!suspect || !isWhiteout(new Place(posix, descriptor, name.bytes()))) {
            items.add(new DirectoryListing.Item(name, type, 0, null));
          }
        };
    if (accesses) {
      DirectoryReader.listForReader(posix, descriptor, visitor);
    } else {
      DirectoryReader.list(posix, descriptor, visitor);
    }
  }

  private static boolean hasXattrWhiteouts(Place directory) throws ErrnoException {
    return Arrays.equals(directory.xattr(OverlayXattrs.UNPRIVILEGED.opaque()), XATTR_WHITEOUTS)
        || Arrays.equals(directory.xattr(OverlayXattrs.PRIVILEGED.opaque()), XATTR_WHITEOUTS);
  }

  private static boolean isWhiteout(Place place) throws ErrnoException {
    Stat stat = new Stat();
    try {
      place.stat(stat);
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ENOENT) {
        return true; // gone meanwhile
      }
      throw e;
    }
    return Whiteouts.is(place, stat);
  }

  private void addLowers(List<Lower> lowers) throws ErrnoException {
    boolean single = LowerMerge.isLowest(lowers);
    for (int i = 0; i < lowers.size(); i++) {
      int from = i;
      Lower lower = lowers.get(i);
      boolean remember = i + 1 < lowers.size();
      boolean check = remember || !seen.isEmpty();
      boolean named = hasXattrWhiteouts(lower);
      lower.list(
          (name, type, inode, file) -> {
            if (check && seen.contains(name)) {
              return;
            }
            if (remember) {
              seen.add(name);
            }
            boolean suspect = type == Stat.S_IFCHR || (named && type == Stat.S_IFREG);
            if (!suspect || !isWhiteout(lower, name)) {
              items.add(new DirectoryListing.Item(name, type, inode, single ? file : null, from));
            }
          });
    }
  }

  private static boolean hasXattrWhiteouts(Lower directory) throws ErrnoException {
    return directory.isMarked()
        && (Arrays.equals(directory.xattr(OverlayXattrs.UNPRIVILEGED.opaque()), XATTR_WHITEOUTS)
            || Arrays.equals(directory.xattr(OverlayXattrs.PRIVILEGED.opaque()), XATTR_WHITEOUTS));
  }

  private static boolean isWhiteout(Lower directory, Name name) throws ErrnoException {
    Lower child = directory.child(name);
    return child == null || child.isWhiteout();
  }
}
