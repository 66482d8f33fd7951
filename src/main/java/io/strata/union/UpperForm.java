package io.strata.union;

import java.util.Arrays;

/**
 * Which of its forms an upper is written in: what the server may do decides.
 *
 * @param xattrs the names of the marks
 * @param deviceWhiteouts whether whiteouts are character devices 0:0, which every peer reads; else
 *     empty files that bear overlay.whiteout, for where devices can't be made (Linux 6.7)
 * @param overrides whether owners, modes and types that the server can't give are kept in {@link
 *     OverrideStat}
 */
record UpperForm(OverlayXattrs xattrs, boolean deviceWhiteouts, boolean overrides) {
  /** Whether an attribute is the format's own: users neither see it nor set it. */
  boolean isPrivate(byte[] name) {
    return OverlayXattrs.isOfFormat(name) || (overrides && Arrays.equals(name, OverrideStat.NAME));
  }
}
