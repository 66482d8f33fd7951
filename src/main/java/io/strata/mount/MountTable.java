package io.strata.mount;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The mounts that this process sees, as they were when the table was read. Immutable.
 *
 * @param mounts in the order in which they were made
 */
public record MountTable(List<MountPoint> mounts) {
  /** Where the kernel shows it; {@code poll(2)} on it tells of changes. */
  static final Path FILE = Path.of("/proc/self/mountinfo");

  public MountTable {
    mounts = List.copyOf(mounts);
  }

  /** Reads the table; this touches no mount. */
  public static MountTable read() throws IOException {
    return parse(Texts.read(FILE, fileNameCharset()));
  }

  static MountTable parse(String text) {
    List<MountPoint> mounts = new ArrayList<>();
    int from = 0;
    while (from < text.length()) {
      int end = text.indexOf('\n', from);
      end = end < 0 ? text.length() : end;
      MountPoint.parse(text.substring(from, end)).ifPresent(mounts::add);
      from = end + 1;
    }
    return new MountTable(mounts);
  }

  /** The mount that covers all others at exactly this path. */
  public Optional<MountPoint> at(String path) {
    MountPoint last = null;
    for (MountPoint mount : mounts) {
      if (mount.path().equals(path)) {
        last = mount;
      }
    }
    return Optional.ofNullable(last);
  }

  /**
   * Where a directory is on its file system, whatever bind mounts call it.
   *
   * @param device {@code major:minor}
   * @param path from the file system's root
   */
  record Spot(String device, Path path) {
    /** Whether it is {@code other}, or lies in it. */
    boolean isIn(Spot other) {
      return device.equals(other.device) && path.startsWith(other.path);
    }
  }

  /** The spot of a real path; nothing where the table does not tell. */
  Optional<Spot> spot(Path path) {
    MountPoint covering = null;
    for (MountPoint mount : mounts) {
      boolean covers = path.startsWith(mount.path());
      if (covers && (covering == null || mount.path().length() >= covering.path().length())) {
        covering = mount;
      }
    }
    if (covering == null || !covering.root().startsWith("/")) {
      return Optional.empty();
    }
    Path below = Path.of(covering.path()).relativize(path);
    Path root = Path.of(covering.root());
    return Optional.of(new Spot(covering.device(), root.resolve(below).normalize()));
  }

  /** The mounts that lie inside the tree at {@code path}, the path itself not counted. */
  public List<MountPoint> inside(String path) {
    String prefix = path.endsWith("/") ? path : path + "/";
    List<MountPoint> inside = new ArrayList<>();
    for (MountPoint mount : mounts) {
      if (mount.path().startsWith(prefix)) {
        inside.add(mount);
      }
    }
    return inside;
  }

  /**
   * Finds a mount that the user names, without touching it: a dead server's mount point answers
   * nothing, and a hung one would hang us.
   */
  public Optional<MountPoint> find(Path named) {
    Path absolute = named.toAbsolutePath().normalize();
    Optional<MountPoint> found = at(absolute.toString());
    if (found.isPresent()) {
      return found;
    }
    Optional<MountPoint> beneath = resolveParent(absolute).flatMap(path -> at(path.toString()));
    return beneath.or(() -> resolve(absolute).flatMap(path -> at(path.toString())));
  }

  private static Optional<Path> resolve(Path absolute) {
    try {
      return Optional.of(absolute.toRealPath());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<Path> resolveParent(Path absolute) {
    Path parent = absolute.getParent();
    Path name = absolute.getFileName();
    if (parent == null || name == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(parent.toRealPath().resolve(name));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** File names come from /proc in the encoding that the JDK has for them. */
  static Charset fileNameCharset() {
    return Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
  }
}
