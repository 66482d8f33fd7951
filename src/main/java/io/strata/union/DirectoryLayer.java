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
 * @param ids its own
 * @param generation made of its root's number and birth; of its file system, where that has none
 * @param numbers by which its files are known
 * @param device its file system, as st_dev has it
 * @param uuid of its file system, or null
 * @param overrides whether {@link OverrideStat} counts in it, as its root says
 */
record DirectoryLayer(
    Posix posix,
    Descriptors descriptors,
    LayerIds ids,
    int rootDescriptor,
    int generation,
    Numbers numbers,
    long device,
    byte @Nullable [] uuid,
    boolean overrides)
    implements AutoCloseable {
  private static final byte[] DOT = {'.'};

  /**
   * What makes st_ino and file handles of inode numbers. Layers on one file system may share it:
   * the number tells the file there, whichever layer has a name of it.
   *
   * @param ids of the lowest layer that has these
   * @param generation what handles have
   */
  record Numbers(LayerIds ids, int generation) {}

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
      Numbers numbers = new Numbers(ids, generation);
      long device = Stat.makeDevice(stat.fileSystemMajor, stat.fileSystemMinor);
      return new DirectoryLayer(
          posix, descriptors, ids, fd, generation, numbers, device, uuid, overrides);
    } catch (ErrnoException e) {
      throw new UnionException("can't use " + directory + " as a lower layer: " + e.getMessage());
    }
  }

  /** The same layer, whose files are known by other numbers. */
  DirectoryLayer with(Numbers shared) {
    return new DirectoryLayer(
        posix, descriptors, ids, rootDescriptor, generation, shared, device, uuid, overrides);
  }

  /** Whether kernel overlayfs knows both by one file system, and tells their files by handles. */
  boolean isOneFileSystem(DirectoryLayer other) {
    return device == other.device && uuid != null && Arrays.equals(uuid, other.uuid);
  }

  /** Whether the handles of its files tell their inode numbers, see {@link Origin#ofKernel}. */
  boolean hasKnownHandles() {
    try {
      byte[] handle = posix.names().handle(rootDescriptor, DOT);
      return uuid != null && Origin.ofKernel(ids, uuid, handle) != null;
    } catch (ErrnoException e) {
      return false; // a file system without any
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
