package io.strata.mount;

import io.strata.mount.MountException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where the registry and the logs of a user lie.
 *
 * <p>The registry: {@code /run/strata} for root, unless {@code /run} is not root's, as in a user
 * namespace; for others {@code $XDG_RUNTIME_DIR/strata}, or {@code /run/user/UID/strata}, or {@code
 * /tmp/strata-UID}. The logs: {@code /var/log/strata} for root; for others {@code
 * $XDG_STATE_HOME/strata}, or {@code ~/.local/state/strata}; the registry where that can't be
 * written.
 */
public final class Directories {
  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rwx------");
  private static final int LONGEST_NAME = 200;

  private final int uid;
  private final Map<String, String> environment;
  private final String home;

  public Directories(int uid, Map<String, String> environment, String home) {
    this.uid = uid;
    this.environment = Map.copyOf(environment);
    this.home = home;
  }

  /** Those of whoever runs this process. */
  public static Directories ofThisUser() throws MountException {
    return new Directories(
        userOfThisProcess(), System.getenv(), System.getProperty("user.home", "/"));
  }

  /** The effective user, without loading libc. */
  static int userOfThisProcess() throws MountException {
    try {
      String status = Texts.read(Path.of("/proc/self/status"), StandardCharsets.ISO_8859_1);
      return effectiveUser(status);
    } catch (IOException | IllegalArgumentException e) {
      throw new MountException(
          Kind.MOUNT, "/proc/self/status: cannot be read: " + e.getMessage() + "; mount /proc", e);
    }
  }

  // "Uid:", real, effective, saved and file system user, tabs between (proc_pid_status(5)).
  static int effectiveUser(String status) {
    int real = status.indexOf("\nUid:\t") + "\nUid:\t".length();
    int effective = status.indexOf('\t', real) + 1;
    int end = status.indexOf('\t', effective);
    return Integer.parseUnsignedInt(status, effective, Math.max(effective, end), 10);
  }

  private static int owner(Path file) throws IOException {
    Object uid = Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    return uid instanceof Integer number ? number : -1;
  }

  /** Whether the user is root. */
  public boolean isRoot() {
    return uid == 0;
  }

  /** The directory of the registry, which need not exist. */
  public Path registry() {
    if (uid == 0 && isOwnSystem()) {
      return Path.of("/run/strata");
    }
    for (Path parent : runtimeParents()) {
      if (Files.isWritable(parent)) {
        return parent.resolve("strata");
      }
    }
    return Path.of("/tmp/strata-" + Integer.toUnsignedString(uid));
  }

  /** Not for root of a user namespace, whose /run is another's. */
  private static boolean isOwnSystem() {
    try {
      return owner(Path.of("/run")) == 0;
    } catch (IOException e) {
      return true;
    }
  }

  private List<Path> runtimeParents() {
    Path usual = Path.of("/run/user/" + Integer.toUnsignedString(uid));
    return absolute("XDG_RUNTIME_DIR").map(path -> List.of(path, usual)).orElse(List.of(usual));
  }

  private Optional<Path> absolute(String variable) {
    String value = environment.get(variable);
    return value != null && value.startsWith("/") ? Optional.of(Path.of(value)) : Optional.empty();
  }

  /** The log of the server of {@code mountPoint}; makes its directory. */
  public Path log(Path mountPoint) throws MountException {
    String name = nameOf(mountPoint) + ".log";
    try {
      Path directory = makePrivate(logs());
      if (Files.isWritable(directory)) {
        return directory.resolve(name);
      }
    } catch (MountException e) {
      return makePrivate(registry()).resolve(name); // no such place; any other will do
    }
    return makePrivate(registry()).resolve(name);
  }

  private Path logs() {
    if (uid == 0) {
      return Path.of("/var/log/strata");
    }
    Path usual = Path.of(home, ".local", "state");
    return absolute("XDG_STATE_HOME").orElse(usual).resolve("strata");
  }

  static Path parentOf(Path file) {
    Path parent = file.getParent();
    return parent == null ? Path.of("/") : parent;
  }

  /** A file name that tells mount points apart. */
  static String nameOf(Path mountPoint) {
    String path = mountPoint.toString();
    StringBuilder name = new StringBuilder();
    for (int i = 1; i < path.length(); i++) {
      char c = path.charAt(i);
      boolean plain = Character.isLetterOrDigit(c) && c < 128 || c == '.' || c == '_';
      name.append(plain ? c : '-');
    }
    if (name.length() > LONGEST_NAME) {
      name.delete(0, name.length() - LONGEST_NAME);
    }
    boolean unique = path.indexOf('-') < 0 && path.length() <= LONGEST_NAME;
    return unique ? name.toString() : name + "-" + Integer.toHexString(path.hashCode());
  }

  /**
   * Makes a directory for this user alone, unless it is there.
   *
   * @throws MountException if it can't be made, or is another's: /tmp is open to everybody
   */
  static Path makePrivate(Path directory) throws MountException {
    try {
      Path parent = directory.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
        Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(PRIVATE));
      }
      if (owner(directory) != userOfThisProcess()) {
        throw new MountException(
            Kind.FILE, directory + ": belongs to another user; have it removed");
      }
      return directory;
    } catch (IOException e) {
      throw new MountException(
          Kind.FILE, directory + ": cannot be made: " + e.getMessage() + "; make it by hand", e);
    }
  }
}
