package io.strata.mount;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What {@code -o} says, word by word, as mount(8) has it. Immutable.
 *
 * @param readOnly {@code ro} true, {@code rw} false, or nothing of the kind
 * @param allowOther {@code allow_other} true, {@code allow_root} is not known, or nothing said
 * @param nosuid setuid bits do nothing
 * @param nodev devices do not open
 * @param noexec nothing is executed
 * @param noatime times of access are not kept
 * @param stats how long requests take is measured, and what was counted goes into the log
 * @param ioUring requests come over io_uring
 * @param nonEmpty the mount point may hold something, which is hidden then
 * @param uid whom the files of images are shown to belong to
 * @param gid which group all files are shown to belong to
 * @param fsname what the mount table shows as the device
 * @param offset where in its file the image begins, in bytes
 * @param subdir the directory of the image that is mounted in place of its root
 * @param timeout after how many seconds without use the mount ends by itself, from 1
 * @param synchronous {@code sync} or {@code dirsync}: changes are to be on the disk at once
 * @param acceptNewBase the upper layer may have been made over other layers
 * @param layers those that are named as words; a plan has them, so {@link #format} leaves them out
 * @param upperFormat how the upper is written
 * @param serving what serves, and with how many threads; a plan has them too
 */
public record MountWords(
    Optional<Boolean> readOnly,
    Optional<Boolean> allowOther,
    boolean nosuid,
    boolean nodev,
    boolean noexec,
    boolean noatime,
    boolean stats,
    boolean ioUring,
    boolean nonEmpty,
    Optional<Integer> uid,
    Optional<Integer> gid,
    Optional<String> fsname,
    OptionalLong offset,
    Optional<String> subdir,
    OptionalInt timeout,
    boolean synchronous,
    boolean acceptNewBase,
    LayerWords layers,
    FormatWords upperFormat,
    ServingWords serving) {

  /** Nothing said. */
  public static final MountWords NONE = none();

  private static MountWords none() {
    try {
      return parse(List.of());
    } catch (MountException e) {
      throw new IllegalStateException(e); // no word is wrong
    }
  }

  /**
   * Reads lists of words, each separated by commas; a later word wins over an earlier one.
   *
   * @throws MountException for a word that is not known, by its name
   */
  public static MountWords parse(List<String> lists) throws MountException {
    return parse(lists, false);
  }

  /**
   * The same, where {@code sloppy} leaves out words that are not known.
   *
   * @throws MountException for a word that is known and wrong, and unless sloppy for an unknown one
   */
  public static MountWords parse(List<String> lists, boolean sloppy) throws MountException {
    MountWordsParser parser = new MountWordsParser(new SystemAccounts(), sloppy);
    for (String list : lists) {
      for (String word : OptionList.split(list)) {
        parser.take(word);
      }
    }
    MountWords words = parser.words();
    words.upperFormat.check();
    return words;
  }

  /** The words again, for {@link #parse}; what was not said is left out. */
  public String format() {
    OptionList list = new OptionList();
    readOnly.ifPresent(value -> list.add(value ? "ro" : "rw"));
    allowOther.ifPresent(value -> list.add(value ? "allow_other" : "noallow_other"));
    list.addIf(nosuid, "nosuid");
    list.addIf(nodev, "nodev");
    list.addIf(noexec, "noexec");
    list.addIf(noatime, "noatime");
    list.addIf(stats, "stats");
    list.addIf(ioUring, "io_uring");
    list.addIf(nonEmpty, "nonempty");
    uid.ifPresent(value -> list.add("uid=" + Integer.toUnsignedString(value)));
    gid.ifPresent(value -> list.add("gid=" + Integer.toUnsignedString(value)));
    fsname.ifPresent(value -> list.add("fsname=" + value));
    offset.ifPresent(value -> list.add("offset=" + value));
    subdir.ifPresent(value -> list.add("subdir=" + value));
    timeout.ifPresent(value -> list.add("timeout=" + value));
    list.addIf(synchronous, "sync");
    list.addIf(acceptNewBase, "accept-new-base");
    upperFormat.format(list);
    return list.toString();
  }
}
