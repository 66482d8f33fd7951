package io.strata.fuse.kernel;

import io.strata.fuse.FuseMountException;
import io.strata.fuse.MountOptions;
import java.nio.file.Path;

/** A way to mount and unmount. Stateless and thread-safe. */
sealed interface Mounter permits DirectMount, FusermountMount {
  /**
   * Mounts.
   *
   * @param options its mount point is real: absolute and without symbolic links
   * @param type the type bits of the mount point, {@code S_IF...}
   * @return the descriptor of /dev/fuse that belongs to the mount
   */
  int mount(MountOptions options, int type) throws FuseMountException;

  /** Unmounts; EBUSY while in use unless {@code lazily}. */
  void unmount(Path mountPoint, boolean lazily) throws FuseMountException;
}
