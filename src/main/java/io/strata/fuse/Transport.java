package io.strata.fuse;

/** Serves file systems: mounts them and answers for them. Thread-safe. */
public interface Transport {
  /**
   * Mounts {@code fileSystem} and serves it on threads of its own until it is unmounted.
   *
   * <p>When this returns, the kernel and the file system have agreed ({@link FileSystem#start} was
   * called) and the mount answers. When it throws, nothing is mounted, and {@link FileSystem#stop}
   * was called if and only if {@link FileSystem#start} was.
   *
   * @throws FuseMountException when it can't be mounted, with the way out in words
   */
  Session mount(FileSystem fileSystem, MountOptions options) throws FuseMountException;
}
