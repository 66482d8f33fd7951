package io.strata.mount;

import java.util.Optional;

/**
 * One line of the mount table.
 *
 * @param id the kernel's number of the mount
 * @param parent the number of the mount it lies on
 * @param device {@code major:minor} of the file system
 * @param root which directory of the file system is mounted; another than / is a bind mount's
 * @param path where it is mounted, as this process sees it
 * @param options of the mount, separated by commas
 * @param type of the file system, as {@code fuse.strata}
 * @param source what was mounted, in the file system's own words
 * @param superOptions of the file system, separated by commas
 */
public record MountPoint(
    int id,
    int parent,
    String device,
    String root,
    String path,
    String options,
    String type,
    String source,
    String superOptions) {

  /**
   * Reads a line of {@code /proc/PID/mountinfo} (proc_pid_mountinfo(5)):
   *
   * <pre>
   * 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
   * </pre>
   *
   * @return nothing where the line is not of that form
   */
  static Optional<MountPoint> parse(String line) {
    int separator = line.indexOf(" - ");
    if (separator < 0) {
      return Optional.empty();
    }
    String[] mount = words(line.substring(0, separator), 6);
    String[] fileSystem = words(line.substring(separator + 3), 3);
    try {
      return Optional.of(
          new MountPoint(
              Integer.parseInt(mount[0]),
              Integer.parseInt(mount[1]),
              mount[2],
              unescape(mount[3]),
              unescape(mount[4]),
              mount[5],
              unescape(fileSystem[0]),
              unescape(fileSystem[1]),
              unescape(fileSystem[2])));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Whether Strata serves it, or did. */
  public boolean isStrata() {
    return type.equals("fuse.strata");
  }

  // The first words; what is missing is empty, and what is too much is left out.
  private static String[] words(String text, int count) {
    String[] words = new String[count];
    int from = 0;
    for (int i = 0; i < count; i++) {
      int space = text.indexOf(' ', from);
      int end = space < 0 ? text.length() : space;
      words[i] = text.substring(Math.min(from, text.length()), end);
      from = Math.min(end + 1, text.length());
    }
    return words;
  }

  /** The kernel writes space, tab, line feed, backslash and {@code #} as three octal digits. */
  static String unescape(String field) {
    if (field.indexOf('\\') < 0) {
      return field;
    }
    StringBuilder text = new StringBuilder(field.length());
    for (int i = 0; i < field.length(); i++) {
      char c = field.charAt(i);
      if (c == '\\' && isOctal(field, i + 1)) {
        c = (char) Integer.parseInt(field, i + 1, i + 4, 8);
        i += 3;
      }
      text.append(c);
    }
    return text.toString();
  }

  private static boolean isOctal(String field, int at) {
    if (at + 3 > field.length() || field.charAt(at) > '3') {
      return false;
    }
    for (int i = at; i < at + 3; i++) {
      if (field.charAt(i) < '0' || field.charAt(i) > '7') {
        return false;
      }
    }
    return true;
  }
}
