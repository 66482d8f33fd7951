package io.strata.union;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.strata.posix.Stat;
import org.jspecify.annotations.Nullable;

/**
 * The owner, mode and type that a file is shown with where the server may not give it them: the
 * value of user.containers.override_stat, {@code UID:GID:MODE[:TYPE]} with MODE in octal and TYPE
 * one of {@code file dir symlink pipe socket block-MAJOR-MINOR char-MAJOR-MINOR}. A special file is
 * an empty regular file that bears it.
 *
 * <p>Source: pkg/idtools of github.com/containers/storage; fuse-overlayfs reads the first three
 * fields, in layers whose root bears the attribute.
 *
 * @param mode type and permission bits, as in st_mode
 */
record OverrideStat(int uid, int gid, int mode, int major, int minor) {
  static final byte[] NAME = OverlayXattrs.bytes("user.containers.override_stat");

  /** What a file is now. */
  static OverrideStat of(Stat stat) {
    return new OverrideStat(stat.uid, stat.gid, stat.mode, stat.deviceMajor, stat.deviceMinor);
  }

  /**
   * Reads a value; null for one that is none.
   *
   * @param type the type bits of the file that bears it, which count where the value has no type
   */
  static @Nullable OverrideStat parse(byte[] value, int type) {
    String[] fields = new String(value, US_ASCII).split(":", -1);
    if (fields.length < 3) {
      return null;
    }
    try {
      int uid = Integer.parseUnsignedInt(fields[0]);
      int gid = Integer.parseUnsignedInt(fields[1]);
      int mode = Integer.parseUnsignedInt(fields[2], 8) & 07777;
      return fields.length == 3
          ? new OverrideStat(uid, gid, type | mode, 0, 0)
          : typed(uid, gid, mode, type, fields[3].split("-", -1));
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static @Nullable OverrideStat typed(
      int uid, int gid, int mode, int type, String[] words) {
    int shown =
        switch (words[0]) {
          case "file", "dir", "symlink" -> type; // what the file itself must be
          case "pipe" -> Stat.S_IFIFO;
          case "socket" -> Stat.S_IFSOCK;
          case "block" -> Stat.S_IFBLK;
          case "char" -> Stat.S_IFCHR;
          default -> 0;
        };
    boolean device = shown == Stat.S_IFBLK || shown == Stat.S_IFCHR;
    if (shown == 0 || (shown != type && type != Stat.S_IFREG) || device && words.length != 3) {
      return null;
    }
    int major = device ? Integer.parseUnsignedInt(words[1]) : 0;
    int minor = device ? Integer.parseUnsignedInt(words[2]) : 0;
    return new OverrideStat(uid, gid, shown | mode, major, minor);
  }

  byte[] format() {
    String[] parts = {
      Integer.toUnsignedString(uid), Integer.toUnsignedString(gid), permissions(), type()
    };
    return String.join(":", parts).getBytes(US_ASCII);
  }

  private String permissions() {
    String octal = Integer.toOctalString(mode & 07777);
    return "0".repeat(4 - octal.length()) + octal;
  }

  private String type() {
    return switch (mode & Stat.S_IFMT) {
      case Stat.S_IFDIR -> "dir";
      case Stat.S_IFIFO -> "pipe";
      case Stat.S_IFSOCK -> "socket";
      case Stat.S_IFBLK -> "block-" + major + "-" + minor;
      case Stat.S_IFCHR -> "char-" + major + "-" + minor;
      default -> "file";
    };
  }

  /** With another owner; -1 leaves one as it is. */
  OverrideStat withOwner(int newUid, int newGid) {
    int user = newUid == -1 ? uid : newUid;
    int group = newGid == -1 ? gid : newGid;
    return new OverrideStat(user, group, mode, major, minor);
  }

  OverrideStat withPermissions(int permissions) {
    return new OverrideStat(uid, gid, mode & Stat.S_IFMT | permissions & 07777, major, minor);
  }

  /**
   * Whether a mode keeps the owner from what the server has to reach, which has no other rights:
   * the entries of a directory, and of either type the user.* attributes, where the format's marks
   * are.
   *
   * @param mode type and permission bits, as in st_mode
   */
  static boolean isNeeded(int mode) {
    int needed = (mode & Stat.S_IFMT) == Stat.S_IFDIR ? 0700 : 0400;
    return (mode & needed) != needed;
  }

  /**
   * The mode of the file itself: its owner, the server, must reach what is in it, and nobody may
   * become that owner by running it.
   */
  int realMode() {
    return mode & 01777 | ((mode & Stat.S_IFMT) == Stat.S_IFDIR ? 0700 : 0600);
  }

  /** Shows a file so. */
  void show(Stat stat) {
    stat.uid = uid;
    stat.gid = gid;
    stat.mode = mode;
    stat.deviceMajor = major;
    stat.deviceMinor = minor;
  }
}
