package io.strata.fuse.libfuse;

import io.strata.fuse.FuseMountException;
import io.strata.fuse.MountOptions;
import io.strata.fuse.MountOptions.Flag;
import io.strata.posix.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Finds out why there is no mount: libfuse itself only says it on stderr. */
final class MountTrouble {
  private static final Path DEVICE = Path.of("/dev/fuse");
  private static final Path CONFIGURATION = Path.of("/etc/fuse.conf");
  private static final String HELPER = "fusermount";

  private MountTrouble() {}

  static FuseMountException missingLibrary(Throwable cause) {
    FuseMountException e =
        new FuseMountException(
            Errno.ENOENT,
            "libfuse.so.2 is missing; install the package libfuse2 (fuse-libs elsewhere), or use"
                + " --transport kernel");
    e.initCause(cause);
    return e;
  }

  static FuseMountException missingMountPoint(Path mountPoint) {
    return new FuseMountException(
        Errno.ENOENT, "the mount point " + mountPoint + " can't be reached; make it first");
  }

  /** Why {@code fuse_mount} failed, as far as it can be seen afterwards. */
  static FuseMountException explain(MountOptions options, boolean root) {
    String where = "can't mount on " + options.mountPoint() + ": ";
    if (!Files.exists(DEVICE)) {
      return new FuseMountException(
          Errno.ENODEV,
          where
              + "no /dev/fuse; load the kernel's fuse module (modprobe fuse), or give the"
              + " container the device");
    }
    if (!Files.isReadable(DEVICE) || !Files.isWritable(DEVICE)) {
      return new FuseMountException(
          Errno.EACCES, where + "/dev/fuse can't be opened; its mode or the container forbids it");
    }
    if (!root && !hasHelper()) {
      return new FuseMountException(
          Errno.ENOENT, where + HELPER + " is missing; install the package fuse3 (or fuse)");
    }
    if (!root && options.has(Flag.ALLOW_OTHER) && !othersAreAllowed()) {
      return new FuseMountException(
          Errno.EPERM, where + "allow_other needs a line user_allow_other in " + CONFIGURATION);
    }
    return new FuseMountException(Errno.EIO, where + "libfuse refused, and said why before this");
  }

  private static boolean hasHelper() {
    String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
    return List.of(path.split(":", -1)).stream()
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, HELPER)));
  }

  private static boolean othersAreAllowed() {
    try {
      return Files.readAllLines(CONFIGURATION).stream()
          .anyMatch(line -> line.strip().equals("user_allow_other"));
    } catch (IOException e) {
      return false;
    }
  }
}
