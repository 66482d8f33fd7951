package io.strata.fuse;

import java.nio.file.Path;
import java.time.Duration;

/** A mount that is being served. Thread-safe. */
public interface Session {
  /** Where it is mounted: absolute, without symbolic links. */
  Path mountPoint();

  /** Waits until the mount is gone and {@link FileSystem#stop} has returned. */
  void awaitEnd() throws InterruptedException;

  /**
   * As {@link #awaitEnd()}, but not for ever.
   *
   * @return false when it was still mounted after {@code timeout}
   */
  boolean awaitEnd(Duration timeout) throws InterruptedException;

  /** Whether the mount is gone and {@link FileSystem#stop} has returned. */
  boolean ended();

  /**
   * Unmounts, and waits until the mount is gone; a mount that is gone already is no error. Never
   * called from within an operation of the file system.
   *
   * @throws FuseMountException with errno EBUSY while files in it are open or are somebody's
   *     working directory; the mount goes on being served then
   */
  default void unmount() throws FuseMountException, InterruptedException {
    detachUnused();
    awaitEnd();
  }

  /**
   * As {@link #unmount}, but does not wait: copies of the mount in other namespaces are served as
   * long as they are there.
   */
  void detachUnused() throws FuseMountException, InterruptedException;

  /**
   * Takes the mount out of the tree at once, busy or not (MNT_DETACH), and does not wait: it is
   * served until its last user has left.
   */
  void unmountLazily() throws FuseMountException, InterruptedException;

  /** What was served until now. */
  Statistics statistics();
}
