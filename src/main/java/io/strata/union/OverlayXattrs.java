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
 * @param protection which flags of chattr(1) kernel overlayfs keeps for it ({@code protattr})
 * @param kept on a file whose data is just being filled in: {@link KeptMetadata}; our own
 * @param layers on the index: {@link IndexedLayers}; our own, other programs don't read it
 * @param identity on an upper and its index: {@link IndexOwner}; our own
 * @param whiteout an empty regular file that bears it stands for a whiteout
 */
record OverlayXattrs(
    byte[] opaque,
    byte[] redirect,
    byte[] origin,
    byte[] impure,
    byte[] linkDifference,
    byte[] metacopy,
    byte[] protection,
    byte[] kept,
    byte[] layers,
    byte[] identity,
    byte[] whiteout) {
  private static final byte[] TRUSTED = bytes("trusted.overlay.");
  private static final byte[] USER = bytes("user.overlay.");
  private static final byte[] ESCAPE = bytes("overlay.");
  private static final byte[] FUSE_OVERLAYFS = bytes("user.fuseoverlayfs.");

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
        bytes(prefix + "protattr"),
        bytes(prefix + "strata.kept"),
        bytes(prefix + "strata.layers"),
        bytes(prefix + "strata.id"),
        bytes(prefix + "whiteout"));
  }

  /**
   * Whether an attribute is the format's own, or fuse-overlayfs keeps it for itself, which would
   * take a user's for a mark: users neither see it nor set it.
   */
  static boolean isOfFormat(byte[] name) {
    return isPrivate(name) || startsWith(name, FUSE_OVERLAYFS);
  }

  /** Whether an attribute is a mark that counts here. */
  static boolean isPrivate(byte[] name) {
    int prefix = prefix(name);
    return prefix > 0 && !isEscaped(name, prefix);
  }

  /**
   * The name under which users' attribute {@code name} stands in a layer. One that looks like the
   * format's own, as an overlayfs on the mount sets them, gets one more {@code overlay.}.
   *
   * <p>Source: "Nesting overlayfs mounts" in the kernel's documentation.
   */
  static byte[] stored(byte[] name) {
    int prefix = prefix(name);
    return prefix == 0 ? name : insert(name, prefix);
  }

  private static byte[] insert(byte[] name, int at) {
    byte[] longer = new byte[name.length + ESCAPE.length];
    System.arraycopy(name, 0, longer, 0, at);
    System.arraycopy(ESCAPE, 0, longer, at, ESCAPE.length);
    System.arraycopy(name, at, longer, at + ESCAPE.length, name.length - at);
    return longer;
  }

  /** The name by which users see the attribute that stands in a layer as {@code name}. */
  static byte[] shown(byte[] name) {
    int prefix = prefix(name);
    if (prefix == 0 || !isEscaped(name, prefix)) {
      return name;
    }
    byte[] shorter = Arrays.copyOf(name, name.length - ESCAPE.length);
    System.arraycopy(name, prefix + ESCAPE.length, shorter, prefix, shorter.length - prefix);
    return shorter;
  }

  /** The length of the prefix that makes a name one of the format's; 0 for any other. */
  private static int prefix(byte[] name) {
    if (startsWith(name, TRUSTED)) {
      return TRUSTED.length;
    }
    return startsWith(name, USER) ? USER.length : 0;
  }

  private static boolean isEscaped(byte[] name, int prefix) {
    int end = prefix + ESCAPE.length;
    return name.length >= end && Arrays.equals(name, prefix, end, ESCAPE, 0, ESCAPE.length);
  }

  static boolean startsWith(byte[] name, byte[] prefix) {
    return name.length >= prefix.length
        && Arrays.equals(name, 0, prefix.length, prefix, 0, prefix.length);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
