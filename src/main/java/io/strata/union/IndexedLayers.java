package io.strata.union;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.Posix;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Of which layers the index speaks: it knows lower files by layer and inode number only, and when
 * another layer takes the place of one, as at a sync, its numbers are other files'.
 *
 * <p>The generations of the layers stand in an attribute of the index, from the lowest upwards.
 *
 * @param index a descriptor of the index
 * @param unmarked see {@link Origin#decode}
 */
record IndexedLayers(Posix posix, int index, OverlayXattrs xattrs, LayerIds unmarked) {
  /**
   * Removes what is said of layers that are others now. Names that were copied up stay what they
   * are; the rest show what the new layer has.
   *
   * @param roots of the layers, topmost first
   */
  void update(List<Lower> roots) throws ErrnoException {
    List<String> now = new ArrayList<>();
    roots.reversed().forEach(root -> now.add(Integer.toHexString(root.generation())));
    byte[] value = String.join(",", now).getBytes(US_ASCII);
    Place place = Place.self(posix, index);
    byte @Nullable [] recorded = place.xattr(xattrs.layers());
    if (recorded != null && java.util.Arrays.equals(recorded, value)) {
      return;
    }
    if (recorded != null) {
      removeOthers(List.of(new String(recorded, US_ASCII).split(",", -1)), now);
    }
    try {
      place.setXattr(xattrs.layers(), value, 0);
    } catch (ErrnoException e) {
      if (e.errno() != Errno.EPERM && e.errno() != Errno.EOPNOTSUPP) {
        throw e;
      }
    }
  }

  private void removeOthers(List<String> recorded, List<String> now) throws ErrnoException {
    List<Name> stale = new ArrayList<>();
    DirectoryReader.list(
        posix,
        index,
        (name, type, inode, file) -> {
          Origin origin = Origin.ofIndexName(name.bytes(), unmarked);
          if (origin != null && !isSame(origin.layer(), recorded, now)) {
            stale.add(name);
          }
        });
    for (Name name : stale) {
      posix.names().unlink(index, name.bytes());
    }
  }

  private static boolean isSame(int layer, List<String> recorded, List<String> now) {
    return layer < recorded.size()
        && layer < now.size()
        && recorded.get(layer).equals(now.get(layer));
  }
}
