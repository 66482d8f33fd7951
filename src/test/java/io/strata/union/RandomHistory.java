package io.strata.union;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.NameCalls;
import io.strata.posix.NativeBuffer;
import io.strata.posix.Posix;
import io.strata.posix.Stat;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A random history of changes, done to one tree, or to two side by side: then both must answer each
 * change alike.
 */
final class RandomHistory {
  /** A change to a tree whose root is open as a descriptor. */
  private interface Change {
    void apply(int root) throws ErrnoException;
  }

  private static final int DIRECTORY = NameCalls.O_RDONLY | NameCalls.O_DIRECTORY;

  private final Posix posix = Posix.system();
  private final NameCalls names = posix.names();
  private final Random random;
  private final List<String> pool = new ArrayList<>();
  private final NativeBuffer buffer = NativeBuffer.allocate(8192);
  private final List<Integer> roots = new ArrayList<>();
  private boolean movesDirectories = true;
  final List<String> differences = new ArrayList<>();

  /**
   * For two trees.
   *
   * @param paths names that exist in both at the beginning
   */
  RandomHistory(long seed, Path left, Path right, List<String> paths) throws ErrnoException {
    this(seed, List.of(left, right), paths);
  }

  /** For some trees, in which {@code paths} exist at the beginning. */
  RandomHistory(long seed, List<Path> trees, List<String> paths) throws ErrnoException {
    this.random = new Random(seed);
    for (Path tree : trees) {
      roots.add(names.open(NameCalls.AT_FDCWD, tree.toString().getBytes(UTF_8), DIRECTORY, 0));
    }
    this.pool.addAll(paths);
  }

  /** Leaves directories where they are. */
  RandomHistory withoutMovingDirectories() {
    movesDirectories = false;
    return this;
  }

  void close() {
    roots.forEach(posix.files()::close);
  }

  /** Does so many changes; stops at the first that the trees answer differently. */
  void run(int changes) {
    for (int i = 0; i < changes && differences.isEmpty(); i++) {
      step(i);
    }
  }

  private String any() {
    return pool.get(random.nextInt(pool.size()));
  }

  /** A path that may be new: in a directory that once was one, or nested in what is none. */
  private String some() {
    if (random.nextInt(3) > 0) {
      return any();
    }
    String base = any();
    int slash = base.lastIndexOf('/');
    String parent = random.nextBoolean() ? base + "/" : base.substring(0, slash + 1);
    String path = parent + "n" + random.nextInt(12);
    if (path.chars().filter(c -> c == '/').count() > 6) {
      return base;
    }
    pool.add(path);
    return path;
  }

  private void step(int number) {
    switch (random.nextInt(22)) {
      case 0, 1 -> create(number);
      case 2, 3 -> write(number);
      case 4 -> truncate(number);
      case 5, 6 -> makeDirectory(number);
      case 7, 8 -> unlink(number);
      case 9 -> removeDirectory(number);
      case 10, 11, 12, 13 -> rename(number);
      case 14 -> symlink(number);
      case 15 -> link(number);
      case 16 -> changeMode(number);
      case 17 -> changeOwner(number);
      case 18 -> setXattr(number);
      case 19 -> setTimes(number);
      case 20 -> punchHole(number);
      default -> makeNode(number);
    }
  }

  private void both(String what, Change change) {
    int first = apply(roots.getFirst(), change);
    for (int root : roots.subList(1, roots.size())) {
      int other = apply(root, change);
      if (first != other) {
        differences.add(what + ": errno " + first + " on the left, " + other + " on the right");
      }
    }
  }

  private static int apply(int root, Change change) {
    try {
      change.apply(root);
      return 0;
    } catch (ErrnoException e) {
      return e.errno();
    }
  }

  private static byte[] bytes(String path) {
    return path.getBytes(UTF_8);
  }

  private void create(int number) {
    String path = some();
    int mode = random.nextInt(01000);
    int flags =
        NameCalls.O_CREAT
            | NameCalls.O_RDWR
            | (random.nextBoolean() ? NameCalls.O_EXCL : 0)
            | (random.nextInt(4) == 0 ? NameCalls.O_TRUNC : 0)
            | NameCalls.O_NOFOLLOW
            | NameCalls.O_NONBLOCK;
    both(
        number + " create " + path,
        root -> posix.files().close(names.open(root, bytes(path), flags, mode)));
  }

  private void write(int number) {
    String path = some();
    long offset = random.nextInt(3) == 0 ? random.nextInt(200_000) : random.nextInt(100);
    int length = random.nextInt(8000) + 1;
    byte[] data = new byte[length];
    random.nextBytes(data);
    buffer.bytes().put(0, data);
    boolean append = random.nextInt(3) == 0;
    int flags =
        NameCalls.O_WRONLY
            | NameCalls.O_NOFOLLOW
            | NameCalls.O_NONBLOCK
            | (append ? NameCalls.O_APPEND : 0);
    both(
        number + " write " + path + " " + length + " at " + offset,
        root -> {
          int fd = names.open(root, bytes(path), flags, 0);
          try {
            if (append) {
              posix.files().write(fd, buffer.address(), length);
            } else {
              posix.files().pwrite(fd, buffer.address(), length, offset);
            }
          } finally {
            posix.files().close(fd);
          }
        });
  }

  private void truncate(int number) {
    String path = some();
    long size = random.nextInt(20_000);
    both(
        number + " truncate " + path + " to " + size,
        root -> {
          int flags = NameCalls.O_WRONLY | NameCalls.O_NOFOLLOW | NameCalls.O_NONBLOCK;
          int fd = names.open(root, bytes(path), flags, 0);
          try {
            posix.files().ftruncate(fd, size);
          } finally {
            posix.files().close(fd);
          }
        });
  }

  private void makeDirectory(int number) {
    String path = some();
    int mode = random.nextInt(4) == 0 ? 02755 : 0755;
    both(number + " mkdir " + path, root -> names.mkdir(root, bytes(path), mode));
  }

  private void unlink(int number) {
    String path = any();
    both(number + " unlink " + path, root -> names.unlink(root, bytes(path)));
  }

  private void removeDirectory(int number) {
    String path = any();
    both(number + " rmdir " + path, root -> names.rmdir(root, bytes(path)));
  }

  private void rename(int number) {
    String from = any();
    String to = some();
    int flags = random.nextInt(6) > 1 ? 0 : 1 + random.nextInt(2);
    both(
        number + " rename " + from + " " + to + " flags " + flags,
        root -> {
          if (!movesDirectories) {
            refuseDirectory(root, from);
            refuseDirectory(root, flags == NameCalls.RENAME_EXCHANGE ? to : from);
          }
          names.rename(root, bytes(from), root, bytes(to), flags);
        });
  }

  private void refuseDirectory(int root, String path) throws ErrnoException {
    Stat stat = new Stat();
    names.stat(root, bytes(path), 0, stat);
    if (stat.isDirectory()) {
      throw ErrnoException.of(Errno.EXDEV);
    }
  }

  private void symlink(int number) {
    String path = some();
    String target = "t" + random.nextInt(100);
    both(number + " symlink " + path, root -> names.symlink(bytes(target), root, bytes(path)));
  }

  private void link(int number) {
    String from = any();
    String to = some();
    both(
        number + " link " + from + " " + to,
        root -> names.link(root, bytes(from), root, bytes(to), 0));
  }

  private void changeMode(int number) {
    String path = any();
    int mode = random.nextInt(010000);
    both(
        number + " chmod " + path,
        root -> {
          Stat stat = new Stat();
          names.stat(root, bytes(path), 0, stat);
          if (stat.type() != Stat.S_IFLNK) {
            names.chmod(root, bytes(path), mode);
          }
        });
  }

  private void changeOwner(int number) {
    String path = any();
    int uid = random.nextInt(3) * 1000;
    int gid = random.nextInt(3) * 100;
    both(number + " chown " + path, root -> names.chown(root, bytes(path), uid, gid, 0));
  }

  private void setXattr(int number) {
    String path = any();
    byte[] name = bytes("trusted.test" + random.nextInt(3));
    int length = random.nextInt(50) + 1;
    boolean remove = random.nextInt(3) == 0;
    both(
        number + (remove ? " removexattr " : " setxattr ") + path,
        root -> {
          byte[] full = io.strata.posix.XattrCalls.pathOf(root, bytes(path));
          if (remove) {
            posix.xattrs().remove(full, false, name);
          } else {
            posix.xattrs().set(full, false, name, buffer.address(), length, 0);
          }
        });
  }

  private void setTimes(int number) {
    String path = any();
    long seconds = random.nextLong(-1_000_000_000L, 5_000_000_000L);
    int nanos = random.nextInt(1_000_000_000);
    both(
        number + " utimens " + path,
        root -> names.setTimes(root, bytes(path), 0, seconds, nanos, seconds + 1, nanos));
  }

  private void punchHole(int number) {
    String path = any();
    int keepSizeAndPunch = 3; // FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE
    long offset = random.nextInt(10_000);
    long length = random.nextInt(20_000) + 1L;
    both(
        number + " punch " + path + " " + length + " at " + offset,
        root -> {
          int flags = NameCalls.O_WRONLY | NameCalls.O_NOFOLLOW | NameCalls.O_NONBLOCK;
          int fd = names.open(root, bytes(path), flags, 0);
          try {
            posix.files().fallocate(fd, keepSizeAndPunch, offset, length);
          } finally {
            posix.files().close(fd);
          }
        });
  }

  private void makeNode(int number) {
    String path = some();
    int[] types = {Stat.S_IFIFO, Stat.S_IFSOCK, Stat.S_IFREG, Stat.S_IFCHR, Stat.S_IFBLK};
    int type = types[random.nextInt(types.length)];
    long device =
        type == Stat.S_IFCHR || type == Stat.S_IFBLK ? Stat.makeDevice(7, random.nextInt(300)) : 0;
    both(number + " mknod " + path, root -> names.mknod(root, bytes(path), type | 0640, device));
  }
}
