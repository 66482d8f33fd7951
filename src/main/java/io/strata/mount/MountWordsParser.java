package io.strata.mount;

import io.strata.fuse.MountOptions;
import io.strata.mount.MountException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/** Takes the words of {@code -o} one by one. Used by one thread, once. */
final class MountWordsParser {
  /**
   * What mount(8) and init systems act on by themselves, and what would change nothing here:
   * default_permissions is always on, FUSE keeps no times of access, an image needs no loop device,
   * and what is synced where volatile allows it not to be is no harm.
   */
  private static final Set<String> FOR_OTHERS =
      Set.of(
          "default_permissions",
          "defaults",
          "auto",
          "noauto",
          "nofail",
          "_netdev",
          "user",
          "nouser",
          "users",
          "nousers",
          "owner",
          "noowner",
          "group",
          "nogroup",
          "loop",
          "async",
          "silent",
          "volatile",
          "loud",
          "nomand",
          "relatime",
          "norelatime",
          "strictatime",
          "nostrictatime",
          "diratime",
          "nodiratime",
          "lazytime",
          "nolazytime",
          "iversion",
          "noiversion");

  private static final Set<String> KEYS_FOR_OTHERS =
      Set.of("comment", "user", "loop", "helper", "uhelper");

  private static final long MOST_ID = 0xffff_fffeL;

  private final Accounts accounts;
  private final boolean sloppy;
  private Optional<Boolean> readOnly = Optional.empty();
  private Optional<Boolean> allowOther = Optional.empty();
  private boolean nosuid;
  private boolean nodev;
  private boolean noexec;
  private boolean noatime;
  private boolean stats;
  private boolean ioUring;
  private boolean nonEmpty;
  private boolean synchronous;
  private boolean acceptNewBase;
  private Optional<Integer> uid = Optional.empty();
  private Optional<Integer> gid = Optional.empty();
  private Optional<String> fsname = Optional.empty();
  private OptionalLong offset = OptionalLong.empty();
  private Optional<String> subdir = Optional.empty();
  private OptionalInt timeout = OptionalInt.empty();
  private Optional<String> upper = Optional.empty();
  private Optional<String> work = Optional.empty();
  private List<String> stack = List.of();
  private List<String> data = List.of();
  private final List<String> added = new ArrayList<>();
  private final List<String> addedData = new ArrayList<>();
  private final List<String> lowers = new ArrayList<>();
  private Optional<String> redirectDir = Optional.empty();
  private Optional<Boolean> metacopy = Optional.empty();
  private boolean userXattrs;
  private Optional<TransportKind> transport = Optional.empty();
  private OptionalInt threads = OptionalInt.empty();

  MountWordsParser(Accounts accounts, boolean sloppy) {
    this.accounts = accounts;
    this.sloppy = sloppy;
  }

  void take(String word) throws MountException {
    if (word.startsWith("x-") || word.startsWith("X-")) {
      return; // by convention a comment for others, as x-systemd.automount
    }
    int equals = word.indexOf('=');
    boolean known =
        equals < 0
            ? takeFlag(word) || FOR_OTHERS.contains(word)
            : takeValue(word, word.substring(0, equals), word.substring(equals + 1))
                || KEYS_FOR_OTHERS.contains(word.substring(0, equals));
    if (!known && !sloppy) {
      throw wrong(word, "unknown mount option; see 'strata mount --help'");
    }
  }

  private boolean takeFlag(String word) throws MountException {
    switch (word) {
      case "ro" -> readOnly = Optional.of(true);
      case "rw" -> readOnly = Optional.of(false);
      case "allow_other" -> allowOther = Optional.of(true);
      case "noallow_other" -> allowOther = Optional.of(false);
      case "nosuid", "suid" -> nosuid = word.equals("nosuid");
      case "nodev", "dev" -> nodev = word.equals("nodev");
      case "noexec", "exec" -> noexec = word.equals("noexec");
      case "noatime", "atime" -> noatime = word.equals("noatime");
      case "stats", "nostats" -> stats = word.equals("stats");
      case "io_uring", "noio_uring" -> ioUring = word.equals("io_uring");
      case "nonempty" -> nonEmpty = true;
      case "sync", "dirsync" -> synchronous = true;
      case "accept-new-base" -> acceptNewBase = true;
      case "userxattr" -> userXattrs = true;
      case "remount" ->
          throw wrong(word, "a mount cannot be changed; unmount it and mount it again");
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean takeValue(String word, String key, String value) throws MountException {
    switch (key) {
      case "uid" -> uid = Optional.of(id(word, value, "user", accounts::user));
      case "gid" -> gid = Optional.of(id(word, value, "group", accounts::group));
      case "fsname" -> fsname = Optional.of(name(word, value, "a name"));
      case "offset", "fsoffset" -> offset = OptionalLong.of(bytes(word, value));
      case "subdir" -> subdir = Optional.of(name(word, value, "a directory of the image"));
      case "timeout" -> timeout = seconds(word, value);
      case "upper", "upperdir" -> upper = Optional.of(name(word, value, "a directory"));
      case "work", "workdir" -> work = Optional.of(name(word, value, "a directory"));
      case "transport" -> transport = Optional.of(transport(word, value));
      case "threads" -> threads = OptionalInt.of(threads(word, value));
      case "redirect_dir" ->
          redirectDir = Optional.of(oneOf(word, value, "on", "off", "follow", "nofollow"));
      case "metacopy" -> metacopy = Optional.of(oneOf(word, value, "on", "off").equals("on"));
      case "lowerdir" -> takeStack(word, name(word, value, "images or directories"));
      case "lowerdir+" -> takeLayer(word, name(word, value, "an image or a directory"));
      case "datadir+" -> addedData.add(name(word, value, "an image or a directory"));
      case "index", "nfs_export" -> oneOf(word, value, "on", "off");
      case "xino" -> oneOf(word, value, "on", "off", "auto");
      case "uuid" -> oneOf(word, value, "on", "off", "auto", "null");
      case "verity" -> oneOf(word, value, "off");
      case "lower" -> lowers.add(name(word, value, "an image or a directory"));
      default -> {
        return false;
      }
    }
    return true;
  }

  private static MountException wrong(String word, String problem) {
    return new MountException(Kind.USAGE, "-o " + word + ": " + problem);
  }

  private static String name(String word, String value, String what) throws MountException {
    if (value.isEmpty() || value.chars().anyMatch(Character::isISOControl)) {
      throw wrong(word, "give " + what);
    }
    return value;
  }

  // As overlayfs has it: colons between, two before each layer that has data only, and a backslash
  // before a colon that belongs to a name.
  private void takeStack(String word, String value) throws MountException {
    List<String> parts = List.of(value.split("(?<!\\\\)::", -1));
    stack = stack(word, parts.getFirst());
    data = new ArrayList<>();
    for (String part : parts.subList(1, parts.size())) {
      List<String> one = stack(word, part);
      if (one.size() > 1) {
        throw wrong(word, "a layer under one that has data only; put :: between those, at the end");
      }
      data.addAll(one);
    }
  }

  private static List<String> stack(String word, String value) throws MountException {
    List<String> layers = new ArrayList<>();
    for (String layer : value.split("(?<!\\\\):", -1)) {
      if (layer.isEmpty()) {
        throw wrong(word, "a layer without a name; give LAYER:LAYER:..., the topmost first");
      }
      layers.add(layer.replace("\\:", ":"));
    }
    return layers;
  }

  private void takeLayer(String word, String value) throws MountException {
    if (!addedData.isEmpty()) {
      throw wrong(word, "a layer under one that has data only; name all datadir+= last");
    }
    added.add(value);
  }

  // The largest 32-bit number is no id: it stands for "leave as it is" in chown(2).
  private static int id(
      String word, String value, String kind, Function<String, OptionalInt> byName)
      throws MountException {
    if (isNumber(value)) {
      if (value.length() > 10 || Long.parseLong(value) > MOST_ID) {
        throw wrong(word, "give a number, 0 to " + MOST_ID + ", or the name of a " + kind);
      }
      return Integer.parseUnsignedInt(value);
    }
    OptionalInt found = value.isEmpty() ? OptionalInt.empty() : byName.apply(value);
    return found.orElseThrow(
        () -> wrong(word, "no " + kind + " of that name; give one, or a number"));
  }

  private static boolean isNumber(String value) {
    return !value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static long bytes(String word, String value) throws MountException {
    try {
      if (isNumber(value)) {
        return Long.parseLong(value);
      }
    } catch (NumberFormatException e) {
      throw wrong(word, "more bytes than any file has");
    }
    throw wrong(word, "give a number of bytes, in decimal");
  }

  private static OptionalInt seconds(String word, String value) throws MountException {
    try {
      if (isNumber(value)) {
        int seconds = Integer.parseInt(value);
        return seconds == 0 ? OptionalInt.empty() : OptionalInt.of(seconds);
      }
    } catch (NumberFormatException e) {
      throw wrong(word, "more seconds than 68 years have");
    }
    throw wrong(word, "give whole seconds; 0 for no timeout");
  }

  private static TransportKind transport(String word, String value) throws MountException {
    for (TransportKind kind : TransportKind.values()) {
      if (kind.word().equals(value)) {
        return kind;
      }
    }
    throw wrong(word, "give kernel or libfuse");
  }

  private static String oneOf(String word, String value, String... known) throws MountException {
    if (!List.of(known).contains(value)) {
      throw wrong(word, "give one of " + String.join(", ", known));
    }
    return value;
  }

  private static int threads(String word, String value) throws MountException {
    int most = MountOptions.MAX_THREADS;
    int number = isNumber(value) && value.length() <= 3 ? Integer.parseInt(value) : 0;
    if (number < 1 || number > most) {
      throw wrong(word, "give 1 to " + most);
    }
    return number;
  }

  MountWords words() throws MountException {
    boolean oneByOne = !added.isEmpty() || !addedData.isEmpty();
    if (oneByOne && !stack.isEmpty()) {
      throw wrong("lowerdir+=, datadir+=", "not together with lowerdir=; name all one way");
    }
    if (added.isEmpty() && !addedData.isEmpty()) {
      throw wrong("datadir+=" + addedData.getFirst(), "nothing would show; give a lowerdir+= too");
    }
    return new MountWords(
        readOnly,
        allowOther,
        nosuid,
        nodev,
        noexec,
        noatime,
        stats,
        ioUring,
        nonEmpty,
        uid,
        gid,
        fsname,
        offset,
        subdir,
        timeout,
        synchronous,
        acceptNewBase,
        new LayerWords(upper, work, oneByOne ? added : stack, oneByOne ? addedData : data, lowers),
        new FormatWords(redirectDir, metacopy, userXattrs),
        new ServingWords(transport, threads));
  }
}
