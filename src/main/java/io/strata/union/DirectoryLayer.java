package io.strata.union;

import io.strata.posix.ErrnoException;
import io.strata.posix.NameCalls;
import io.strata.posix.Posix;
import io.strata.posix.Stat;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A directory of the host as a lower layer. Nobody changes it while it is one.
 *
 * @param generation made of its root's number and birth; of its file system, where that has none
 * @param uuid of its file system, or null
 * @param overrides whether {@link OverrideStat} counts in it, as its root says
 */
record DirectoryLayer(
    Posix posix,
    Descriptors descriptors,
    LayerIds ids,
    int rootDescriptor,
    int generation,
    byte @Nullable [] uuid,
    boolean overrides)
    implements AutoCloseable {
  /** Opens {@code directory}; close gives it back. */
  static DirectoryLayer open(Posix posix, Descriptors descriptors, LayerIds ids, Path directory)
      throws UnionException {
    byte[] path = directory.toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8);
    try {
      int flags = NameCalls.O_PATH | NameCalls.O_DIRECTORY;
      int fd = posix.names().open(NameCalls.AT_FDCWD, path, flags, 0);
      Stat stat = new Stat();
      posix.files().stat(fd, stat);
      boolean overrides = Place.self(posix, fd).xattr(OverrideStat.NAME) != null;
      byte[] uuid = FileSystemUuid.of(posix, fd);
      int birth = Generations.of(stat);
      int own = birth != 0 ? birth : Arrays.hashCode(uuid); // all roots have the same number
      int generation = Long.hashCode(stat.inode) * 31 + own;
      return new DirectoryLayer(posix, descriptors, ids, fd, generation, uuid, overrides);
    } catch (ErrnoException e) {
      throw new UnionException("can't use " + directory + " as a lower layer: " + e.getMessage());
    }
  }

  DirectoryLower root() throws ErrnoException {
    Stat stat = new Stat();
    Place.self(posix, rootDescriptor).overriding(overrides).stat(stat);
    return DirectoryLower.root(this, stat);
  }

  @Override
  public void close() {
    posix.files().close(rootDescriptor);
  }
}
