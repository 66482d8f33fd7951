package io.strata.mount;

import io.strata.mount.MountException.Kind;
import java.util.Optional;

/** Takes the words of {@code -o} one by one. Used by one thread, once. */
final class MountWordsParser {
  private Optional<Boolean> readOnly = Optional.empty();
  private Optional<Boolean> allowOther = Optional.empty();
  private boolean nosuid;
  private boolean nodev;
  private boolean noexec;
  private boolean noatime;
  private boolean nonEmpty;
  private Optional<Integer> uid = Optional.empty();
  private Optional<Integer> gid = Optional.empty();
  private Optional<String> fsname = Optional.empty();

  void take(String word) throws MountException {
    int equals = word.indexOf('=');
    if (word.startsWith("x-")) {
      return; // by convention a comment for others, as x-systemd.automount
    }
    if (equals >= 0) {
      takeValue(word, word.substring(0, equals), word.substring(equals + 1));
    } else if (!takeFlag(word) && !isForOthers(word)) {
      throw MountWords.unknown(word);
    }
  }

  private boolean takeFlag(String word) {
    switch (word) {
      case "ro" -> readOnly = Optional.of(true);
      case "rw" -> readOnly = Optional.of(false);
      case "allow_other" -> allowOther = Optional.of(true);
      case "noallow_other" -> allowOther = Optional.of(false);
      case "nosuid", "suid" -> nosuid = word.equals("nosuid");
      case "nodev", "dev" -> nodev = word.equals("nodev");
      case "noexec", "exec" -> noexec = word.equals("noexec");
      case "noatime", "atime" -> noatime = word.equals("noatime");
      case "nonempty" -> nonEmpty = true;
      default -> {
        return false;
      }
    }
    return true;
  }

  // default_permissions is always on; the rest is what mount(8) acts on by itself.
  private static boolean isForOthers(String word) {
    return switch (word) {
      case "default_permissions", "defaults", "relatime", "auto", "noauto", "nofail", "_netdev" ->
          true;
      default -> false;
    };
  }

  private void takeValue(String word, String key, String value) throws MountException {
    switch (key) {
      case "uid" -> uid = Optional.of(number(word, value));
      case "gid" -> gid = Optional.of(number(word, value));
      case "fsname" -> fsname = Optional.of(name(word, value));
      default -> throw MountWords.unknown(word);
    }
  }

  private static String name(String word, String value) throws MountException {
    if (value.isEmpty() || value.chars().anyMatch(Character::isISOControl)) {
      throw new MountException(Kind.USAGE, "-o " + word + ": give a name");
    }
    return value;
  }

  // The largest 32-bit number is no id: it stands for "leave as it is" in chown(2).
  private static int number(String word, String value) throws MountException {
    try {
      int number = Integer.parseUnsignedInt(value);
      if (number != -1) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new MountException(Kind.USAGE, "-o " + word + ": give a number, 0 to 4294967294", e);
    }
    throw new MountException(Kind.USAGE, "-o " + word + ": give a number, 0 to 4294967294");
  }

  MountWords words() {
    return new MountWords(
        readOnly, allowOther, nosuid, nodev, noexec, noatime, nonEmpty, uid, gid, fsname);
  }
}
