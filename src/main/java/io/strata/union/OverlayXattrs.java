package io.strata.union;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The extended attributes by which an upper layer says what it means.
 *
 * <p>Source: fs/overlayfs/overlayfs.h ({@code enum ovl_xattr}) and
 * Documentation/filesystems/overlayfs.rst of the kernel.
 *
 * @param opaque "y": hides the directory below; "x": whiteouts inside may be in the xattr form
 * @param redirect where the directory's lower ones are: a name beside it, or a path from the root
 * @param origin the lower file that this is a copy of, as {@link Origin} has it
 * @param impure "y": the directory holds copied-up entries
 * @param linkDifference how many names more than the upper file has, as {@code U+1} ({@code nlink})
 * @param metacopy only the metadata is here, the data is the lower file's
 * @param whiteout an empty regular file that bears it stands for a whiteout
 */
record OverlayXattrs(
    byte[] opaque,
    byte[] redirect,
    byte[] origin,
    byte[] impure,
    byte[] linkDifference,
    byte[] metacopy,
    byte[] whiteout) {
  private static final byte[] TRUSTED = bytes("trusted.overlay.");
  private static final byte[] USER = bytes("user.overlay.");

  /** For who may set trusted.*, as kernel overlayfs has it by default. */
  static final OverlayXattrs PRIVILEGED = withPrefix("trusted.overlay.");

  /** For everyone else: what {@code -o userxattr} reads. */
  static final OverlayXattrs UNPRIVILEGED = withPrefix("user.overlay.");

  static final byte[] YES = bytes("y");

  private static OverlayXattrs withPrefix(String prefix) {
    return new OverlayXattrs(
        bytes(prefix + "opaque"),
        bytes(prefix + "redirect"),
        bytes(prefix + "origin"),
        bytes(prefix + "impure"),
        bytes(prefix + "nlink"),
        bytes(prefix + "metacopy"),
        bytes(prefix + "whiteout"));
  }

  /** Whether an attribute is the format's own: users neither see it nor set it. */
  static boolean isPrivate(byte[] name) {
    return startsWith(name, TRUSTED) || startsWith(name, USER);
  }

  static boolean startsWith(byte[] name, byte[] prefix) {
    return name.length >= prefix.length
        && Arrays.equals(name, 0, prefix.length, prefix, 0, prefix.length);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
