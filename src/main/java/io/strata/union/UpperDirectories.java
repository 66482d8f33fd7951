package io.strata.union;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.FileCalls;
import io.strata.posix.NameCalls;
import io.strata.posix.Posix;
import io.strata.posix.Stat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The directories of a writable layer, open and locked for this mount: the upper itself and, in the
 * work directory as overlayfs lays it out, {@code work} and {@code index}.
 *
 * <p>The lock is flock(2) on the upper and on the work directory; it ends with the process.
 *
 * @param root the upper, opened for reading and locked
 * @param workRoot the work directory, opened for reading and locked
 * @param work where things are made
 * @param index where lower files with several names are kept once they are copied up
 */
record UpperDirectories(Posix posix, int root, int workRoot, int work, int index)
    implements AutoCloseable {
  private static final int DIRECTORY = NameCalls.O_RDONLY | NameCalls.O_DIRECTORY;

  /** Opens and locks; makes the work directory if need be. */
  static UpperDirectories open(Posix posix, Path upper, Path workPath) throws UnionException {
    int root = lock(posix, upper, "upper");
    int workRoot = -1;
    try {
      checkApart(upper, workPath);
      Files.createDirectories(workPath);
      workRoot = lock(posix, workPath, "work directory");
      sameFileSystem(posix, root, workRoot, upper, workPath);
      int work = inside(posix, workRoot, "work");
      return new UpperDirectories(posix, root, workRoot, work, inside(posix, workRoot, "index"));
    } catch (ErrnoException e) {
      closeAll(posix, root, workRoot);
      throw new UnionException("can't use work directory " + workPath + ": " + e.getMessage());
    } catch (IOException e) {
      closeAll(posix, root, workRoot);
      throw new UnionException("can't make work directory " + workPath + ": " + e.getMessage(), e);
    } catch (UnionException e) {
      closeAll(posix, root, workRoot);
      throw e;
    }
  }

  private static int lock(Posix posix, Path path, String what) throws UnionException {
    byte[] bytes = path.toAbsolutePath().toString().getBytes(UTF_8);
    int fd = -1;
    try {
      fd = posix.names().open(NameCalls.AT_FDCWD, bytes, DIRECTORY, 0);
      posix.names().access(NameCalls.AT_FDCWD, bytes, 7);
      posix.files().flock(fd, FileCalls.LOCK_EX | FileCalls.LOCK_NB);
      return fd;
    } catch (ErrnoException e) {
      closeAll(posix, fd);
      throw failure(path, what, e.errno());
    }
  }

  private static UnionException failure(Path path, String what, int errno) {
    if (errno == Errno.EAGAIN) {
      return new UpperInUseException(
          what + " " + path + " is used by another mount: unmount that, or give another directory");
    }
    return new UnionException(reason(path, what, errno));
  }

  private static String reason(Path path, String what, int errno) {
    return switch (errno) {
      case Errno.ENOENT -> what + " " + path + " does not exist: make it first";
      case Errno.ENOTDIR -> what + " " + path + " is not a directory";
      case Errno.EROFS, Errno.EACCES ->
          what + " " + path + " is not writable: " + Errno.describe(errno);
      default -> "can't use " + what + " " + path + ": " + Errno.describe(errno);
    };
  }

  private static void checkApart(Path upper, Path work) throws UnionException {
    Path first = upper.toAbsolutePath().normalize();
    Path second = work.toAbsolutePath().normalize();
    if (first.startsWith(second) || second.startsWith(first)) {
      throw new UnionException("upper " + upper + " and work directory " + work + " overlap");
    }
  }

  private static void sameFileSystem(Posix posix, int root, int work, Path upper, Path workPath)
      throws ErrnoException, UnionException {
    Stat first = new Stat();
    Stat second = new Stat();
    posix.files().stat(root, first);
    posix.files().stat(work, second);
    if (first.fileSystemMajor != second.fileSystemMajor
        || first.fileSystemMinor != second.fileSystemMinor) {
      throw new UnionException(
          "work directory " + workPath + " is not on the file system of the upper " + upper);
    }
  }

  private static int inside(Posix posix, int directory, String name) throws ErrnoException {
    byte[] bytes = name.getBytes(UTF_8);
    try {
      posix.names().mkdir(directory, bytes, 0700);
    } catch (ErrnoException e) {
      if (e.errno() != Errno.EEXIST) {
        throw e;
      }
    }
    int fd = posix.names().open(directory, bytes, DIRECTORY | NameCalls.O_NOFOLLOW, 0);
    try {
      forgetInheritance(posix, fd);
      return fd;
    } catch (ErrnoException e) {
      posix.files().close(fd);
      throw e;
    }
  }

  /** Whatever the work directory gave to it, what is made in it must not inherit. */
  private static void forgetInheritance(Posix posix, int fd) throws ErrnoException {
    for (byte[] acl : List.of(Acl.DEFAULT, Acl.ACCESS)) {
      try {
        posix.xattrs().remove(fd, acl);
      } catch (ErrnoException e) {
        if (e.errno() != Errno.ENODATA && e.errno() != Errno.EOPNOTSUPP) {
          throw e;
        }
      }
    }
    Stat stat = new Stat();
    posix.files().stat(fd, stat);
    if ((stat.mode & Stat.S_ISGID) != 0) {
      Place.self(posix, fd).chmod(0700);
    }
  }

  /** Opens where {@link LinkOwners} keeps what it records; made if it is not there. */
  int openLinks() throws ErrnoException {
    return inside(posix, workRoot, "links");
  }

  private static void closeAll(Posix posix, int... descriptors) {
    for (int descriptor : descriptors) {
      if (descriptor >= 0) {
        posix.files().close(descriptor);
      }
    }
  }

  @Override
  public void close() {
    closeAll(posix, index, work, workRoot, root);
  }
}
