package io.strata.mount;

import io.strata.mount.MountException.Kind;
import java.util.List;
import java.util.Optional;

/**
 * What {@code -o} says, word by word, as mount(8) has it. Immutable.
 *
 * @param readOnly {@code ro} true, {@code rw} false, or nothing of the kind
 * @param allowOther {@code allow_other} true, {@code allow_root} is not known, or nothing said
 * @param nosuid setuid bits do nothing
 * @param nodev devices do not open
 * @param noexec nothing is executed
 * @param noatime times of access are not kept
 * @param nonEmpty the mount point may hold something, which is hidden then
 * @param uid whom the files of images are shown to belong to
 * @param gid which group all files are shown to belong to
 * @param fsname what the mount table shows as the device
 */
public record MountWords(
    Optional<Boolean> readOnly,
    Optional<Boolean> allowOther,
    boolean nosuid,
    boolean nodev,
    boolean noexec,
    boolean noatime,
    boolean nonEmpty,
    Optional<Integer> uid,
    Optional<Integer> gid,
    Optional<String> fsname) {

  /** Nothing said. */
  public static final MountWords NONE =
      new MountWords(
          Optional.empty(),
          Optional.empty(),
          false,
          false,
          false,
          false,
          false,
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  /**
   * Reads lists of words, each separated by commas; a later word wins over an earlier one.
   *
   * @throws MountException for a word that is not known, by its name
   */
  public static MountWords parse(List<String> lists) throws MountException {
    MountWordsParser parser = new MountWordsParser();
    for (String list : lists) {
      int from = 0;
      while (from <= list.length()) {
        int comma = list.indexOf(',', from);
        int end = comma < 0 ? list.length() : comma;
        if (end > from) {
          parser.take(list.substring(from, end));
        }
        from = end + 1;
      }
    }
    return parser.words();
  }

  /** The words again, for {@link #parse}; what was not said is left out. */
  public String format() {
    StringBuilder text = new StringBuilder();
    readOnly.ifPresent(value -> add(text, value ? "ro" : "rw"));
    allowOther.ifPresent(value -> add(text, value ? "allow_other" : "noallow_other"));
    addIf(text, nosuid, "nosuid");
    addIf(text, nodev, "nodev");
    addIf(text, noexec, "noexec");
    addIf(text, noatime, "noatime");
    addIf(text, nonEmpty, "nonempty");
    uid.ifPresent(value -> add(text, "uid=" + Integer.toUnsignedString(value)));
    gid.ifPresent(value -> add(text, "gid=" + Integer.toUnsignedString(value)));
    fsname.ifPresent(value -> add(text, "fsname=" + value));
    return text.toString();
  }

  private static void addIf(StringBuilder text, boolean said, String word) {
    if (said) {
      add(text, word);
    }
  }

  private static void add(StringBuilder text, String word) {
    text.append(text.isEmpty() ? "" : ",").append(word);
  }

  /** These words with {@code allow_other} settled where nothing was said of it. */
  public MountWords orAllowOther(boolean otherwise) {
    return new MountWords(
        readOnly,
        Optional.of(allowOther.orElse(otherwise)),
        nosuid,
        nodev,
        noexec,
        noatime,
        nonEmpty,
        uid,
        gid,
        fsname);
  }

  static MountException unknown(String word) {
    return new MountException(
        Kind.USAGE, "-o " + word + ": unknown mount option; see 'strata mount --help'");
  }
}
