package io.strata.mount;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.NameCalls;
import io.strata.posix.NativeBuffer;
import io.strata.posix.Posix;
import io.strata.posix.Stat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A directory that one thread changes at random, step by step, and what must be in it afterwards.
 * Of the step during which the server was killed, all may have happened, or nothing.
 *
 * <p>Used by one thread at a time.
 */
final class KnownTree {
  private static final int LARGE = 3 << 20;
  private static final int DIRECTORY = NameCalls.O_RDONLY | NameCalls.O_DIRECTORY;
  private static final Set<Integer> GONE =
      Set.of(Errno.ENOTCONN, Errno.ECONNABORTED, Errno.EIO, Errno.EINTR, Errno.ENODEV);

  /** A regular file, which may have several names. */
  private static final class Content {
    byte[] bytes;
    int mode;

    Content(byte[] bytes, int mode) {
      this.bytes = bytes;
      this.mode = mode;
    }
  }

  /** One call to the file system. */
  private interface Call {
    void run(int directory) throws ErrnoException;
  }

  /** With fewer files than this, others are made. */
  private static final int FEW = 10;

  private final Posix posix = Posix.system();
  private final NameCalls names = posix.names();
  private final NativeBuffer buffer = NativeBuffer.allocate(1 << 16);
  private final String root;
  private final Random random;

  /** By path, what is there: of a directory, null. */
  private final Map<String, @Nullable Content> known = new TreeMap<>();

  /** What the call does that was under way at the end, if one was. */
  private @Nullable Runnable pending;

  private KnownTree(String root, long seed) {
    this.root = root;
    this.random = new Random(seed);
  }

  /** Makes the tree as it is at the beginning. */
  static KnownTree make(Path directory, long seed) throws IOException {
    KnownTree tree = new KnownTree(directory.getFileName().toString(), seed);
    Files.createDirectory(directory);
    for (int d = 0; d < 8; d++) {
      String name = "d" + d;
      Files.createDirectory(directory.resolve(name));
      tree.known.put(name, null);
      for (int f = 0; f < 6; f++) {
        tree.makeFile(directory, name + "/f" + f, f == 0 && d < 2 ? LARGE : 3000 * f);
      }
      String alias = name + "/alias";
      Files.createLink(directory.resolve(alias), directory.resolve(name + "/f3"));
      tree.known.put(alias, tree.known.get(name + "/f3"));
    }
    return tree;
  }

  private void makeFile(Path directory, String path, int size) throws IOException {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    Path file = Files.write(directory.resolve(path), bytes);
    Files.setPosixFilePermissions(
        file, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
    known.put(path, new Content(bytes, 0644));
  }

  private static byte[] bytes(String path) {
    return path.getBytes(UTF_8);
  }

  /** Changes one thing after the other until the mount does not answer any more. */
  void changeUntilGone(Path mountPoint) {
    int directory = -1;
    try {
      directory = open(mountPoint);
      while (pending == null) {
        change(directory);
      }
    } catch (ErrnoException e) {
      if (!GONE.contains(e.errno())) {
        throw new IllegalStateException(root + ": " + e.getMessage(), e);
      }
    } finally {
      if (directory >= 0) {
        posix.files().close(directory);
      }
    }
  }

  private int open(Path mountPoint) throws ErrnoException {
    byte[] path = bytes(mountPoint.resolve(root).toString());
    return names.open(NameCalls.AT_FDCWD, path, DIRECTORY, 0);
  }

  /** Makes a call whose outcome is {@code effect}; remembers that it may or may not have been. */
  private void step(int directory, Call call, Runnable effect) throws ErrnoException {
    pending = effect;
    call.run(directory);
    effect.run();
    pending = null;
  }

  private void change(int directory) throws ErrnoException {
    List<String> files = files();
    if (files.size() < FEW) {
      create(directory, free());
      return;
    }
    String file = any(files);
    switch (random.nextInt(12)) {
      case 0, 1 -> append(directory, file);
      case 2 -> overwrite(directory, file);
      case 3 -> changeMode(directory, file);
      case 4 -> rename(directory, file, free());
      case 5 -> rename(directory, file, any(files));
      case 6 -> unlink(directory, file);
      case 7 -> link(directory, file, free());
      case 8, 9 -> replace(directory, file);
      case 10 -> directories(directory);
      default -> moveDirectory(directory);
    }
  }

  private List<String> files() {
    List<String> files = new ArrayList<>();
    known.forEach(
        (path, content) -> {
          if (content != null) {
            files.add(path);
          }
        });
    return files;
  }

  private String any(List<String> paths) {
    return paths.get(random.nextInt(paths.size()));
  }

  private String anyDirectory() {
    List<String> directories = new ArrayList<>();
    known.forEach(
        (path, content) -> {
          if (content == null) {
            directories.add(path);
          }
        });
    return any(directories);
  }

  /** A path without anything, sometimes one that was taken before. */
  private String free() {
    String directory = anyDirectory();
    for (int i = 0; i < 6; i++) {
      String path = directory + "/f" + i;
      if (!known.containsKey(path)) {
        return path;
      }
    }
    return directory + "/n" + random.nextInt(1 << 30);
  }

  private Content content(String path) {
    return java.util.Objects.requireNonNull(known.get(path));
  }

  private int fill(int most) {
    byte[] data = new byte[1 + random.nextInt(most)];
    random.nextBytes(data);
    buffer.bytes().put(0, data);
    return data.length;
  }

  private byte[] filled(int length) {
    byte[] data = new byte[length];
    buffer.bytes().get(0, data);
    return data;
  }

  private void write(int directory, String path, int flags, int length, long offset)
      throws ErrnoException {
    int fd = names.open(directory, bytes(path), NameCalls.O_WRONLY | flags, 0644);
    try {
      posix.files().pwrite(fd, buffer.address(), length, offset);
      if (random.nextInt(4) == 0) {
        posix.files().fsync(fd);
      }
    } finally {
      posix.files().close(fd);
    }
  }

  private void append(int directory, String path) throws ErrnoException {
    Content content = content(path);
    int length = fill(5000);
    byte[] more = filled(length);
    long size = content.bytes.length;
    step(
        directory,
        at -> write(at, path, 0, length, size),
        () -> {
          byte[] all = Arrays.copyOf(content.bytes, content.bytes.length + length);
          System.arraycopy(more, 0, all, content.bytes.length, length);
          content.bytes = all;
        });
  }

  private void overwrite(int directory, String path) throws ErrnoException {
    Content content = content(path);
    if (content.bytes.length == 0) {
      return;
    }
    int offset = random.nextInt(content.bytes.length);
    int length = fill(Math.min(4000, content.bytes.length - offset));
    byte[] data = filled(length);
    step(
        directory,
        at -> write(at, path, 0, length, offset),
        () -> {
          byte[] all = content.bytes.clone();
          System.arraycopy(data, 0, all, offset, length);
          content.bytes = all;
        });
  }

  private void changeMode(int directory, String path) throws ErrnoException {
    Content content = content(path);
    int mode = 0600 | random.nextInt(0200);
    step(directory, at -> names.chmod(at, bytes(path), mode), () -> content.mode = mode);
  }

  private void rename(int directory, String from, String to) throws ErrnoException {
    if (known.containsKey(to) && known.get(to) == known.get(from)) {
      return; // two names of one file: both stay
    }
    step(
        directory,
        at -> names.rename(at, bytes(from), at, bytes(to), 0),
        () -> known.put(to, known.remove(from)));
  }

  private void unlink(int directory, String path) throws ErrnoException {
    if (known.size() > 60) {
      step(directory, at -> names.unlink(at, bytes(path)), () -> known.remove(path));
    }
  }

  private void link(int directory, String from, String to) throws ErrnoException {
    step(
        directory,
        at -> names.link(at, bytes(from), at, bytes(to), 0),
        () -> known.put(to, known.get(from)));
  }

  /** As an editor saves: a new file takes the place of the old one. */
  private void replace(int directory, String path) throws ErrnoException {
    String temporary = free();
    create(directory, temporary);
    rename(directory, temporary, path);
  }

  private void create(int directory, String path) throws ErrnoException {
    Content made = new Content(new byte[0], 0644);
    step(
        directory,
        at ->
            posix
                .files()
                .close(
                    names.open(
                        at,
                        bytes(path),
                        NameCalls.O_WRONLY | NameCalls.O_CREAT | NameCalls.O_EXCL,
                        0644)),
        () -> known.put(path, made));
    int length = fill(20_000);
    byte[] data = filled(length);
    step(directory, at -> write(at, path, 0, length, 0), () -> made.bytes = data);
  }

  private void directories(int directory) throws ErrnoException {
    String path = anyDirectory();
    boolean empty = known.keySet().stream().noneMatch(each -> each.startsWith(path + "/"));
    if (empty && known.size() > 20) {
      step(directory, at -> names.rmdir(at, bytes(path)), () -> known.remove(path));
    } else {
      String made = free();
      step(directory, at -> names.mkdir(at, bytes(made), 0755), () -> known.put(made, null));
    }
  }

  private void moveDirectory(int directory) throws ErrnoException {
    String from = anyDirectory();
    String to = free();
    if (to.startsWith(from + "/") || to.chars().filter(c -> c == '/').count() > 8) {
      return;
    }
    step(
        directory,
        at -> names.rename(at, bytes(from), at, bytes(to), 0),
        () -> {
          for (String path : List.copyOf(known.keySet())) {
            if (path.equals(from) || path.startsWith(from + "/")) {
              known.put(to + path.substring(from.length()), known.remove(path));
            }
          }
        });
  }

  /**
   * Finds out whether the last call was made, and compares.
   *
   * @return what is neither as it was before that call nor as it is after it
   */
  List<String> settle(Path mountPoint) throws IOException, ErrnoException {
    List<String> without = differences(mountPoint);
    Runnable effect = pending;
    pending = null;
    if (without.isEmpty() || effect == null) {
      return without;
    }
    effect.run();
    return differences(mountPoint);
  }

  private List<String> differences(Path mountPoint) throws IOException, ErrnoException {
    List<String> differences = new ArrayList<>();
    Path top = mountPoint.resolve(root);
    try (var all = Files.walk(top)) {
      for (Path path : all.filter(each -> !each.equals(top)).toList()) {
        String name = top.relativize(path).toString();
        if (!known.containsKey(name)) {
          differences.add(path + ": should not be there");
        }
      }
    }
    for (Map.Entry<String, @Nullable Content> each : known.entrySet()) {
      compare(top.resolve(each.getKey()), each.getValue(), differences);
    }
    return differences;
  }

  private void compare(Path path, @Nullable Content content, List<String> differences)
      throws IOException, ErrnoException {
    Stat stat = new Stat();
    try {
      names.stat(NameCalls.AT_FDCWD, bytes(path.toString()), 0, stat);
    } catch (ErrnoException e) {
      differences.add(path + ": " + e.getMessage());
      return;
    }
    if (stat.isDirectory() != (content == null)) {
      differences.add(path + ": of another type");
    } else if (content != null) {
      byte[] bytes = Files.readAllBytes(path);
      int mismatch = Arrays.mismatch(bytes, content.bytes);
      if (mismatch >= 0) {
        differences.add(
            "%s: %d bytes instead of %d, other ones from %d on"
                .formatted(path, bytes.length, content.bytes.length, mismatch));
      }
      if ((stat.mode & 07777) != content.mode) {
        differences.add("%s: mode %o, not %o".formatted(path, stat.mode, content.mode));
      }
      long links = known.values().stream().filter(other -> other == content).count();
      if (stat.linkCount != links) {
        differences.add("%s: %d links, not %d".formatted(path, stat.linkCount, links));
      }
    }
  }
}
