package io.strata.fuse.kernel;

import io.strata.fuse.FuseMountException;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.NameCalls;
import io.strata.posix.Posix;
import io.strata.posix.Stat;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The place to mount on.
 *
 * @param path absolute, without symbolic links
 * @param type its type bits, {@code S_IF...}
 */
record MountPoint(Path path, int type) {
  /** Looks at a place; says in words what is wrong with it. */
  static MountPoint of(Posix posix, Path given) throws FuseMountException {
    try {
      Path path = given.toRealPath();
      Stat stat = new Stat();
      posix.names().stat(NameCalls.AT_FDCWD, bytes(path), 0, stat);
      return new MountPoint(path, stat.type());
    } catch (NoSuchFileException e) {
      throw new FuseMountException(Errno.ENOENT, "mount point " + given + " does not exist");
    } catch (IOException e) {
      throw new FuseMountException(0, "mount point " + given + ": " + e.getMessage());
    } catch (ErrnoException e) {
      String wayOut =
          e.errno() == Errno.ENOTCONN ? "; a dead mount is there, unmount it first" : "";
      String message = "mount point " + given + ": " + e.getMessage() + wayOut;
      throw new FuseMountException(e.errno(), message);
    }
  }

  /** A path as the system has it. */
  static byte[] bytes(Path path) {
    return path.toString()
        .getBytes(Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8")));
  }
}
