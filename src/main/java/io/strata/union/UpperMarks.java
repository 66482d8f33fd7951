package io.strata.union;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads what the attributes of a file in the upper say, in the form for root or the other one. */
final class UpperMarks {
  private static final List<OverlayXattrs> FORMS =
      List.of(OverlayXattrs.PRIVILEGED, OverlayXattrs.UNPRIVILEGED);

  private UpperMarks() {}

  /** Whether a file with these attributes has any: one call that mostly saves the others. */
  static boolean any(byte[] names) {
    return has(names, OverlayXattrs::isPrivate);
  }

  /** Whether a file with these attributes was put into the index. */
  static boolean isCounted(byte[] names) {
    return has(
        names,
        name ->
            Arrays.equals(name, OverlayXattrs.PRIVILEGED.linkDifference())
                || Arrays.equals(name, OverlayXattrs.UNPRIVILEGED.linkDifference()));
  }

  /** What {@link Protection} is recorded of a file with these attributes. */
  static int protection(Place place, byte[] names) throws ErrnoException {
    for (OverlayXattrs xattrs : FORMS) {
      if (has(names, name -> Arrays.equals(name, xattrs.protection()))) {
        return Protection.of(place.xattr(xattrs.protection()));
      }
    }
    return 0;
  }

  /** A file's flags are its own from now on. */
  static void removeProtection(Place place) throws ErrnoException {
    for (OverlayXattrs xattrs : FORMS) {
      remove(place, xattrs.protection());
    }
  }

  private static boolean has(byte[] names, Predicate<byte[]> wanted) {
    int from = 0;
    for (int at = 0; at < names.length; at++) {
      if (names[at] == 0) {
        if (wanted.test(Arrays.copyOfRange(names, from, at))) {
          return true;
        }
        from = at + 1;
      }
    }
    return false;
  }

  static byte @Nullable [] redirect(Place place) throws ErrnoException {
    return either(
        place, OverlayXattrs.PRIVILEGED.redirect(), OverlayXattrs.UNPRIVILEGED.redirect());
  }

  static boolean isMetacopy(Place place) throws ErrnoException {
    return either(place, OverlayXattrs.PRIVILEGED.metacopy(), OverlayXattrs.UNPRIVILEGED.metacopy())
        != null;
  }

  /** The data is here from now on. */
  static void removeMetacopy(Place place) throws ErrnoException {
    for (OverlayXattrs xattrs : FORMS) {
      remove(place, xattrs.redirect());
      remove(place, xattrs.metacopy()); // last: it is the step that counts
    }
  }

  private static void remove(Place place, byte[] mark) throws ErrnoException {
    try {
      if (place.xattr(mark) != null) {
        place.removeXattr(mark);
      }
    } catch (ErrnoException e) {
      if (e.errno() != Errno.ENODATA) {
        throw e;
      }
    }
  }

  /** See {@link Origin}. */
  static byte @Nullable [] origin(Place place) throws ErrnoException {
    return either(place, OverlayXattrs.PRIVILEGED.origin(), OverlayXattrs.UNPRIVILEGED.origin());
  }

  static byte @Nullable [] kept(Place place) throws ErrnoException {
    return either(place, OverlayXattrs.PRIVILEGED.kept(), OverlayXattrs.UNPRIVILEGED.kept());
  }

  /** The file is again what it was before its data was filled in. */
  static void removeKept(Place place) throws ErrnoException {
    for (OverlayXattrs xattrs : FORMS) {
      remove(place, xattrs.kept());
    }
  }

  static byte @Nullable [] linkDifference(Place place) throws ErrnoException {
    return either(
        place,
        OverlayXattrs.PRIVILEGED.linkDifference(),
        OverlayXattrs.UNPRIVILEGED.linkDifference());
  }

  private static byte @Nullable [] either(Place place, byte[] first, byte[] second)
      throws ErrnoException {
    byte[] value = place.xattr(first);
    return value != null ? value : place.xattr(second);
  }
}
